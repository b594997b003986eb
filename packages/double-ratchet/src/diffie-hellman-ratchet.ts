import {
  type Curve,
  importX25519PublicKey,
  PrimitivesError,
  type Secret,
  type X25519KeyPair,
  type X25519PublicKey,
  x25519,
} from '@omemo-kit/primitives';
import { deriveRootKey } from './key-derivation.ts';
import { RatchetError } from './ratchet-error.ts';
import type { ChainState } from './ratchet-state.ts';

/** The ratchet key of a header. Only the canonical encoding is taken, so that a key has one name in every lookup. */
export function importRatchetKey(bytes: Uint8Array): X25519PublicKey {
  return refusingRatchetKey(() => importX25519PublicKey(bytes));
}

/** One turn of the Diffie-Hellman ratchet: RK, CK = KDF_RK(RK, DH(DHs, DHr)), and the new chain begins at 0. */
export function turnRootChain(options: {
  readonly rootKey: Secret;
  readonly ownRatchetKey: X25519KeyPair;
  readonly otherRatchetKey: X25519PublicKey;
  readonly info: Uint8Array;
  readonly agree?: Curve['x25519'];
}): { readonly rootKey: Secret; readonly chain: ChainState } {
  const { rootKey, ownRatchetKey, otherRatchetKey, info, agree = x25519 } = options;
  const sharedSecret = refusingRatchetKey(() => agree(ownRatchetKey.privateKey, otherRatchetKey));
  const derived = deriveRootKey({ rootKey, sharedSecret, info });
  return { rootKey: derived.rootKey, chain: { key: derived.chainKey, messageNumber: 0 } };
}

function refusingRatchetKey<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof PrimitivesError) {
      throw new RatchetError('invalid-ratchet-key', { cause });
    }
    throw cause;
  }
}
