import { type Argon2id, createArgon2id } from '../../src/argon2id.ts';
import { deriveWithNoble } from '../../src/noble-argon2id.ts';
import { findNativeArgon2id } from '../../src/node-argon2id.ts';

export interface Argon2idProvider {
  readonly name: string;
  readonly argon2id: Argon2id;
}

const native = findNativeArgon2id();

/** Argon2id of `node:crypto`, which Node has from 24.7 on. */
export const nativeArgon2id: Argon2id | undefined = native && createArgon2id(native);
export const nobleArgon2id: Argon2id = createArgon2id(deriveWithNoble);

/** For `describe.each`: one suite, each implementation that there is. */
export const argon2idProviders: readonly Argon2idProvider[] = [
  { name: 'noble', argon2id: nobleArgon2id },
  ...(nativeArgon2id === undefined ? [] : [{ name: 'node:crypto', argon2id: nativeArgon2id }]),
];
