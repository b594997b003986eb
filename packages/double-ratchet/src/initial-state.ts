import {
  type Curve,
  type Secret,
  type X25519KeyPair,
  type X25519PublicKey,
  x25519,
  x25519KeyPair,
} from '@omemo-kit/primitives';
import { turnRootChain } from './diffie-hellman-ratchet.ts';
import { type RatchetRandomness, systemRandomness } from './randomness.ts';
import type { RatchetParameters } from './ratchet-parameters.ts';
import type { RatchetState } from './ratchet-state.ts';

/**
 * RatchetInitAlice of the paper (3.3): the state of the party that writes first.
 *
 * @param options.sharedSecret SK of the key agreement, 32 bytes, used for nothing else.
 * @param options.otherRatchetKey the recipient's first ratchet key; with X3DH its signed pre-key.
 * @param options.curve computes the same as `@omemo-kit/primitives`, its default; or has computed it ahead.
 * @throws {RatchetError} `invalid-ratchet-key` when that key has small order.
 */
export function initiatorState(options: {
  readonly sharedSecret: Secret;
  readonly otherRatchetKey: X25519PublicKey;
  readonly parameters: RatchetParameters;
  readonly randomness?: RatchetRandomness | undefined;
  readonly curve?: Pick<Curve, 'x25519' | 'x25519KeyPair'> | undefined;
}): RatchetState {
  const { sharedSecret, otherRatchetKey, parameters, randomness = systemRandomness } = options;
  const { curve = { x25519, x25519KeyPair } } = options;
  const ownRatchetKey = curve.x25519KeyPair(randomness.ratchetKey());
  const { rootKey, chain } = turnRootChain({
    rootKey: sharedSecret,
    ownRatchetKey,
    otherRatchetKey,
    info: parameters.rootKeyInfo,
    agree: curve.x25519,
  });
  return {
    rootKey,
    ownRatchetKey,
    otherRatchetKey,
    sendingChain: chain,
    receivingChain: undefined,
    previousChainLength: 0,
    heldMessageKey: undefined,
    skippedCount: 0,
    skippedSequence: 0,
  };
}

/**
 * RatchetInitBob of the paper (3.3): the state of the party that reads first. It cannot send before it has read.
 *
 * @param options.sharedSecret SK of the key agreement, 32 bytes, used for nothing else.
 * @param options.ownRatchetKey the pair whose public half the initiator took; with X3DH the signed pre-key.
 */
export function recipientState(options: {
  readonly sharedSecret: Secret;
  readonly ownRatchetKey: X25519KeyPair;
}): RatchetState {
  return {
    rootKey: options.sharedSecret,
    ownRatchetKey: options.ownRatchetKey,
    otherRatchetKey: undefined,
    sendingChain: undefined,
    receivingChain: undefined,
    previousChainLength: 0,
    heldMessageKey: undefined,
    skippedCount: 0,
    skippedSequence: 0,
  };
}
