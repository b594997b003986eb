import { type Secret, x25519KeyPair } from '@omemo-kit/primitives';
import type { Aead } from './aead.ts';
import { importRatchetKey, turnRootChain } from './diffie-hellman-ratchet.ts';
import { type HeldMessageKey, isKeyOf, type SkippedMessageKey, type SkippedMessageKeyChanges } from './message-key.ts';
import { type RatchetRandomness, systemRandomness } from './randomness.ts';
import { RatchetError } from './ratchet-error.ts';
import { type RatchetHeader, requireHeader } from './ratchet-header.ts';
import { type RatchetParameters, requireLimits } from './ratchet-parameters.ts';
import type { RatchetState } from './ratchet-state.ts';
import { leaveChain, reachMessage, requireReachable } from './receiving-chain.ts';
import { isCurrentRatchetKey } from './skipped-lookup.ts';
import { storeSkipped } from './store-skipped.ts';

/** What {@link ratchetDecrypt} works on. */
export interface RatchetDecryptOptions {
  readonly state: RatchetState;
  readonly header: RatchetHeader;
  readonly message: Uint8Array;
  /** AD of the session, the same bytes on both sides. */
  readonly associatedData: Uint8Array;
  readonly aead: Aead;
  readonly parameters: RatchetParameters;
  readonly randomness?: RatchetRandomness | undefined;
  /** The stored key of this header, if the caller has one; `needsSkippedLookup` says when to look. */
  readonly skippedMessageKey?: SkippedMessageKey | undefined;
}

/** An authentic message, the state after it, and what becomes of the skipped message keys. */
export interface RatchetDecryption extends SkippedMessageKeyChanges {
  /** To be made durable, together with the changes, before the plaintext is used. */
  readonly state: RatchetState;
  readonly plaintext: Uint8Array;
}

/**
 * RatchetDecrypt of the paper (3.5). Nothing is modified: whoever drops the result, or gets an error, keeps the old
 * state and its keys.
 *
 * @throws {RatchetError} `invalid-header` and `too-many-skipped` before anything is derived;
 *   `message-key-unavailable` when the message lies behind in the current chain and no key of it was given (read
 *   before, or its key was evicted); `invalid-ratchet-key`; `not-authentic` for every message that the AEAD does not
 *   open, which includes messages of left chains whose key is gone; `invalid-argument` for limits that are no
 *   numbers or a `skippedMessageKey` of another message.
 */
export function ratchetDecrypt(options: RatchetDecryptOptions): RatchetDecryption {
  const { state, header, parameters, skippedMessageKey } = options;
  requireLimits(parameters);
  requireHeader(header);
  if (skippedMessageKey !== undefined) {
    return decryptSkipped(options, skippedMessageKey);
  }
  if (state.heldMessageKey !== undefined && isKeyOf(state.heldMessageKey, header)) {
    return decryptHeld(options, state.heldMessageKey);
  }
  return isCurrentRatchetKey(state, header.ratchetKey) ? decryptInChain(options) : decryptInNewChain(options);
}

/** TrySkippedMessageKeys of the paper. */
function decryptSkipped(options: RatchetDecryptOptions, skipped: SkippedMessageKey): RatchetDecryption {
  const { state, header } = options;
  if (!isKeyOf(skipped, header)) {
    throw new RatchetError('invalid-argument', { details: { argument: 'skippedMessageKey' } });
  }
  const plaintext = open(options, skipped.messageKey);
  const skippedCount = Math.max(0, state.skippedCount - 1);
  return { state: { ...state, skippedCount }, plaintext, add: [], remove: [skipped], evict: 0 };
}

/** The message of index pn of the chain left last, from a peer that counts one too few. */
function decryptHeld(options: RatchetDecryptOptions, held: HeldMessageKey): RatchetDecryption {
  const plaintext = open(options, held.messageKey);
  return { state: { ...options.state, heldMessageKey: undefined }, plaintext, add: [], remove: [], evict: 0 };
}

/** The peer's ratchet key is the one we know: only the receiving chain moves. */
function decryptInChain(options: RatchetDecryptOptions): RatchetDecryption {
  const { state, header, parameters } = options;
  const { receivingChain: chain, otherRatchetKey: ratchetKey } = state;
  const { messageNumber } = header;
  if (chain === undefined || ratchetKey === undefined) {
    // An initiator knows the recipient's first ratchet key, but nobody sends under that one.
    throw new RatchetError('not-authentic');
  }
  requireReachable({ next: chain.messageNumber, messageNumber, maxSkip: parameters.maxSkip });
  const reached = reachMessage({ chain, ratchetKey, messageNumber });
  const plaintext = open(options, reached.messageKey);
  const changes = storeSkipped({
    state: { ...state, receivingChain: reached.chain },
    skipped: reached.skipped,
    maxStoredSkipped: parameters.maxStoredSkipped,
  });
  return { ...changes, plaintext };
}

/** The peer's ratchet key is new: the old receiving chain ends there, and both chains turn (DHRatchet of the paper). */
function decryptInNewChain(options: RatchetDecryptOptions): RatchetDecryption {
  const { state, header, parameters, randomness = systemRandomness } = options;
  const { messageNumber, previousChainLength } = header;
  const { rootKeyInfo: info, maxSkip, maxStoredSkipped } = parameters;
  requireReachable({ next: 0, messageNumber, maxSkip });
  const otherRatchetKey = importRatchetKey(header.ratchetKey);
  const { rootKey, ownRatchetKey } = state;
  const receiving = turnRootChain({ rootKey, ownRatchetKey, otherRatchetKey, info });
  const reached = reachMessage({ chain: receiving.chain, ratchetKey: otherRatchetKey, messageNumber });
  const plaintext = open(options, reached.messageKey);

  // The rest waits for the message to be authentic: a forger costs us one Diffie-Hellman, and neither a second one,
  // nor a key pair, nor the keys of the chain that the peer says it left.
  const { receivingChain: chain, otherRatchetKey: ratchetKey } = state;
  const left = leaveChain({ chain, ratchetKey, previousChainLength, maxSkip });
  const nextRatchetKey = x25519KeyPair(randomness.ratchetKey());
  const sending = turnRootChain({
    rootKey: receiving.rootKey,
    ownRatchetKey: nextRatchetKey,
    otherRatchetKey,
    info,
  });
  const changes = storeSkipped({
    state: {
      rootKey: sending.rootKey,
      ownRatchetKey: nextRatchetKey,
      otherRatchetKey,
      sendingChain: sending.chain,
      receivingChain: reached.chain,
      previousChainLength: state.sendingChain?.messageNumber ?? 0,
      heldMessageKey: left.held,
      skippedCount: state.skippedCount,
      skippedSequence: state.skippedSequence,
    },
    skipped: [...left.skipped, ...reached.skipped],
    maxStoredSkipped,
  });
  return { ...changes, plaintext };
}

/** Whatever is wrong with a message, the answer is the same, so that it tells a forger nothing. */
function open(options: RatchetDecryptOptions, messageKey: Secret): Uint8Array {
  const { aead, header, message, associatedData } = options;
  try {
    return aead.open({ messageKey, header, message, associatedData });
  } catch (cause) {
    throw new RatchetError('not-authentic', { cause });
  }
}
