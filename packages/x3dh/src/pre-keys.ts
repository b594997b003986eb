import { type IdentityKeyPair, sign, type X25519KeyPair, x25519KeyPair } from '@omemo-kit/primitives';
import { systemRandomness, type X3dhRandomness } from './randomness.ts';
import { X3dhError } from './x3dh-error.ts';

/** OPK with its private half: used for one key agreement, then deleted. */
export interface PreKeyPair {
  readonly id: number;
  readonly keyPair: X25519KeyPair;
}

/** SPK with its private half. */
export interface SignedPreKeyPair {
  readonly id: number;
  readonly keyPair: X25519KeyPair;
  /** Sig(IK, Encode(SPK)), 64 bytes, over the raw 32-byte u-coordinate. */
  readonly signature: Uint8Array;
}

/**
 * Makes SPK and signs its raw 32 bytes with the identity key (X3DH 3.2).
 *
 * @throws {X3dhError} `invalid-argument` when the id is not a non-negative integer.
 */
export function generateSignedPreKey(options: {
  readonly id: number;
  readonly identityKeyPair: IdentityKeyPair;
  readonly randomness?: X3dhRandomness | undefined;
}): SignedPreKeyPair {
  const { id, identityKeyPair, randomness = systemRandomness } = options;
  requireCount('id', id);
  const keyPair = x25519KeyPair(randomness.signedPreKey());
  const signature = sign({
    identityKeyPair,
    message: keyPair.publicKey,
    nonce: () => randomness.signatureNonce(),
  });
  return { id, keyPair, signature };
}

/**
 * Makes `count` pre-keys with the ids `firstId`, `firstId + 1`, ... The caller keeps ids from coming back: a used
 * id must never name another key.
 *
 * @throws {X3dhError} `invalid-argument` when `firstId` or `count` is not a non-negative integer.
 */
export function generatePreKeys(options: {
  readonly firstId: number;
  readonly count: number;
  readonly randomness?: X3dhRandomness | undefined;
}): PreKeyPair[] {
  const { firstId, count, randomness = systemRandomness } = options;
  requireCount('firstId', firstId);
  requireCount('count', count);
  return Array.from({ length: count }, (_, index) => ({
    id: firstId + index,
    keyPair: x25519KeyPair(randomness.preKey()),
  }));
}

function requireCount(argument: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new X3dhError('invalid-argument', { details: { argument } });
  }
}
