import { assertLength } from './byte-checks.ts';
import type { CurveProvider } from './curve-provider.ts';
import { edwardsToMontgomery, explainRefusal, isNonCanonical, montgomeryToEdwards } from './edwards-points.ts';
import { KeyMemory } from './key-memory.ts';
import type { Ed25519PublicKey, X25519PublicKey } from './keys.ts';
import type { Primitives } from './primitives.ts';
import { PrimitivesError } from './primitives-error.ts';

/** Keys that passed the check of S09, with their u once it was needed. What holds for a key holds for every provider. */
const checkedKeys = new KeyMemory<{ u: Uint8Array | undefined }>();

/** Takes a key as checked: one that was made here from a secret, or checked in an earlier life. */
export function trustEd25519PublicKey(publicKey: Uint8Array, u?: Uint8Array): Ed25519PublicKey {
  // A copy: it may be an array of a key pair, whose owner can write into it.
  checkedKeys.set(publicKey, { u: u && new Uint8Array(u) });
  return publicKey as Ed25519PublicKey;
}

/** Throws unless the 32 bytes are the one encoding of a point of order L (S02, S09). @returns its u */
function assertPrimeOrder(provider: CurveProvider, bytes: Uint8Array): Uint8Array {
  if (isNonCanonical(bytes)) throw new PrimitivesError('non-canonical-key', 'the key is not in canonical form');
  const u = edwardsToMontgomery(bytes);
  if (u !== undefined && provider.isPrimeOrder(bytes, u)) return u;
  throw explainRefusal(bytes) ?? new PrimitivesError('mixed-order-key', 'the key is not in the prime-order subgroup');
}

/** Was the key checked, or does it pass now? Keeps unchecked bytes out of `verify` whatever a caller's types say. */
export function isCheckedEd25519PublicKey(provider: CurveProvider, publicKey: Uint8Array): boolean {
  if (checkedKeys.get(publicKey) !== undefined) return true;
  try {
    assertPrimeOrder(provider, publicKey);
    return true;
  } catch {
    return false;
  }
}

export function createEd25519Keys(
  provider: CurveProvider,
): Pick<Primitives, 'importEd25519PublicKey' | 'recallEd25519PublicKey' | 'ed25519ToX25519' | 'x25519ToEd25519'> {
  function importEd25519PublicKey(bytes: Uint8Array): Ed25519PublicKey {
    assertLength(bytes, 32, 'publicKey');
    const copy = new Uint8Array(bytes);
    return trustEd25519PublicKey(copy, assertPrimeOrder(provider, copy));
  }

  return {
    importEd25519PublicKey,
    recallEd25519PublicKey(bytes) {
      assertLength(bytes, 32, 'publicKey');
      return trustEd25519PublicKey(new Uint8Array(bytes));
    },
    ed25519ToX25519(publicKey) {
      assertLength(publicKey, 32, 'publicKey');
      const known = checkedKeys.get(publicKey);
      const u = known?.u ?? edwardsToMontgomery(publicKey);
      if (u === undefined) throw new PrimitivesError('small-order-key', 'the key is a point of small order');
      if (known !== undefined) known.u = u;
      return new Uint8Array(u) as X25519PublicKey;
    },
    x25519ToEd25519(publicKey, signBit) {
      assertLength(publicKey, 32, 'publicKey');
      if (signBit !== 0 && signBit !== 1) throw new PrimitivesError('invalid-argument', 'the sign bit is 0 or 1');
      const bytes = montgomeryToEdwards(publicKey, signBit);
      if (bytes === undefined) throw new PrimitivesError('not-on-curve', 'the key is not a point of the curve');
      return importEd25519PublicKey(bytes);
    },
  };
}
