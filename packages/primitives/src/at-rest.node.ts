import { createArgon2id } from './argon2id.ts';
import { deriveWithNoble } from './noble-argon2id.ts';
import { findNativeArgon2id } from './node-argon2id.ts';

export type { Argon2id, Argon2idOptions } from './argon2id.ts';
export { xchacha20Poly1305Open, xchacha20Poly1305Seal } from './xchacha20-poly1305.ts';

export const argon2id = /* @__PURE__ */ createArgon2id(/* @__PURE__ */ findNativeArgon2id() ?? deriveWithNoble);
