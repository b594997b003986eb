import { sha256 } from '@noble/hashes/sha2.js';
import { decryptCbc, encryptCbc } from './aes-cbc.ts';
import { assertBytes, assertLength, isBytes } from './byte-checks.ts';
import { constantTimeEqual } from './constant-time-equal.ts';
import type { CurveProvider } from './curve-provider.ts';
import { assertPrimeOrderPoint, edwardsToMontgomery, montgomeryToEdwards } from './edwards-points.ts';
import { hkdfSha256, hmacSha256 } from './hmac-sha256.ts';
import type { Ed25519PublicKey, IdentityKeyPair, X25519KeyPair, X25519PublicKey } from './keys.ts';
import type { Primitives } from './primitives.ts';
import { PrimitivesError } from './primitives-error.ts';
import { randomBytes, randomInteger } from './randomness.ts';
import { exposed, Secret } from './secret.ts';
import { hasHighBit, isBelowP } from './x25519-points.ts';
import { clampScalar, scalarToPublicKey, seedToScalar, xeddsaSign } from './xeddsa.ts';

/** The rules of this package over one provider. */
export function createPrimitives(provider: CurveProvider): Primitives {
  function x25519KeyPair(privateKey: Uint8Array | Secret): X25519KeyPair {
    assertLength(exposed(privateKey), 32, 'privateKey');
    const secret = privateKey instanceof Secret ? privateKey : new Secret(privateKey);
    return { privateKey: secret, publicKey: provider.x25519PublicKey(secret) as X25519PublicKey };
  }

  function importEd25519PublicKey(bytes: Uint8Array): Ed25519PublicKey {
    const copy = recallEd25519PublicKey(bytes);
    assertPrimeOrderPoint(copy);
    return copy;
  }

  function recallEd25519PublicKey(bytes: Uint8Array): Ed25519PublicKey {
    assertLength(bytes, 32, 'publicKey');
    return new Uint8Array(bytes) as Ed25519PublicKey;
  }

  function identityKeyPairFromSeed(seed: Uint8Array | Secret): IdentityKeyPair {
    assertLength(exposed(seed), 32, 'seed');
    const secret = seed instanceof Secret ? seed : new Secret(seed);
    const publicKey = provider.ed25519PublicKey(secret) as Ed25519PublicKey;
    return { form: 'seed', secret, publicKey, x25519: x25519KeyPair(seedToScalar(secret.expose())) };
  }

  function identityKeyPairFromScalar(scalar: Uint8Array | Secret): IdentityKeyPair {
    assertLength(exposed(scalar), 32, 'scalar');
    const secret = new Secret(clampScalar(exposed(scalar)));
    const publicKey = scalarToPublicKey(secret.expose()) as Ed25519PublicKey;
    return { form: 'scalar', secret, publicKey, x25519: x25519KeyPair(secret) };
  }

  return {
    importEd25519PublicKey,
    recallEd25519PublicKey,
    x25519KeyPair,
    identityKeyPairFromSeed,
    identityKeyPairFromScalar,
    constantTimeEqual,
    hmacSha256,
    hkdfSha256,
    randomBytes,
    randomInteger,
    importX25519PublicKey(bytes) {
      assertLength(bytes, 32, 'publicKey');
      const copy = new Uint8Array(bytes) as X25519PublicKey;
      if (hasHighBit(copy) || !isBelowP(copy)) {
        throw new PrimitivesError('non-canonical-key', 'the key is not in canonical form');
      }
      return copy;
    },
    x25519(privateKey, publicKey) {
      assertLength(privateKey.expose(), 32, 'privateKey');
      assertLength(publicKey, 32, 'publicKey');
      const shared = provider.x25519(privateKey, publicKey);
      if (shared === undefined) {
        throw new PrimitivesError('zero-shared-secret', 'the public key gives the same secret to everyone');
      }
      return new Secret(shared);
    },
    sign({ identityKeyPair, message, nonce }) {
      const { form, secret, publicKey } = identityKeyPair;
      assertBytes(message, 'message');
      if (form === 'seed') return provider.ed25519Sign(secret, message);
      const drawn = nonce();
      assertLength(drawn, 64, 'nonce');
      return xeddsaSign({ scalar: secret.expose(), publicKey, message, nonce: drawn });
    },
    verify({ publicKey, message, signature }) {
      if (!isBytes(publicKey) || !isBytes(message) || !isBytes(signature)) return false;
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      return provider.ed25519Verify({ publicKey, message, signature });
    },
    ed25519ToX25519(publicKey) {
      assertLength(publicKey, 32, 'publicKey');
      return edwardsToMontgomery(publicKey) as X25519PublicKey;
    },
    x25519ToEd25519(publicKey, signBit) {
      assertLength(publicKey, 32, 'publicKey');
      return importEd25519PublicKey(montgomeryToEdwards(publicKey, signBit));
    },
    sha256(data) {
      assertBytes(data, 'data');
      return sha256(data);
    },
    aes256CbcEncrypt: (options) => encryptCbc(provider, options),
    aes256CbcDecrypt: (options) => decryptCbc(provider, options),
  };
}
