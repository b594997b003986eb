import { sha256 } from '@noble/hashes/sha2.js';
import { decryptCbc, encryptCbc } from './aes-cbc.ts';
import { assertBytes } from './byte-checks.ts';
import { constantTimeEqual } from './constant-time-equal.ts';
import type { CurveProvider } from './curve-provider.ts';
import { createEd25519Keys } from './ed25519-keys.ts';
import { hkdfSha256, hkdfSha256Keys } from './hkdf-sha256.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { createIdentityKeys } from './identity-keys.ts';
import type { Primitives } from './primitives.ts';
import { randomBytes, randomInteger } from './randomness.ts';
import { createX25519Keys } from './x25519-keys.ts';

/** The rules of this package over one provider. None of the functions needs a `this`. */
export function createPrimitives(provider: CurveProvider): Primitives {
  const x25519Keys = createX25519Keys(provider);
  return {
    ...x25519Keys,
    ...createEd25519Keys(provider),
    ...createIdentityKeys(provider, x25519Keys.x25519KeyPair),
    sha256(data) {
      assertBytes(data, 'data');
      return sha256(data);
    },
    hmacSha256,
    hkdfSha256,
    hkdfSha256Keys,
    aes256CbcEncrypt: (options) => encryptCbc(provider, options),
    aes256CbcDecrypt: (options) => decryptCbc(provider, options),
    constantTimeEqual,
    randomBytes,
    randomInteger,
  };
}
