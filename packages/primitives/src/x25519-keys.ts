import { assertLength } from './byte-checks.ts';
import type { CurveProvider } from './curve-provider.ts';
import { hasHighBit, isBelowP } from './curve25519-encoding.ts';
import type { X25519PublicKey } from './keys.ts';
import { isLowOrderU } from './low-order-u.ts';
import type { Primitives } from './primitives.ts';
import { PrimitivesError } from './primitives-error.ts';
import { assertSecret, exposed, Secret } from './secret.ts';

export function createX25519Keys(
  provider: CurveProvider,
): Pick<Primitives, 'importX25519PublicKey' | 'x25519KeyPair' | 'x25519'> {
  return {
    importX25519PublicKey(bytes) {
      assertLength(bytes, 32, 'publicKey');
      const copy = new Uint8Array(bytes) as X25519PublicKey;
      if (hasHighBit(copy) || !isBelowP(copy)) {
        throw new PrimitivesError('non-canonical-key', 'the key is not in canonical form');
      }
      if (isLowOrderU(copy)) throw new PrimitivesError('small-order-key', 'the key is of small order');
      return copy;
    },
    x25519KeyPair(privateKey) {
      assertLength(exposed(privateKey), 32, 'privateKey');
      const secret = privateKey instanceof Secret ? privateKey : new Secret(privateKey);
      return { privateKey: secret, publicKey: provider.x25519PublicKey(secret) as X25519PublicKey };
    },
    x25519(privateKey, publicKey) {
      assertSecret(privateKey, 32, 'privateKey');
      assertLength(publicKey, 32, 'publicKey');
      const shared = provider.x25519(privateKey, publicKey);
      // S01: a peer that chooses such a key would know the result whatever our private key is.
      if (shared === undefined || isAllZero(shared)) {
        throw new PrimitivesError('zero-shared-secret', 'the public key gives everyone the same secret');
      }
      return new Secret(shared);
    },
  };
}

function isAllZero(bytes: Uint8Array): boolean {
  let bits = 0;
  for (let i = 0; i < bytes.length; i++) bits |= bytes[i] as number;
  return bits === 0;
}
