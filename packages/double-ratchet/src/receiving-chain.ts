import type { Secret } from '@omemo-kit/primitives';
import { deriveChainKeys, deriveMessageKey } from './key-derivation.ts';
import type { HeldMessageKey } from './message-key.ts';
import { RatchetError } from './ratchet-error.ts';
import type { ChainState } from './ratchet-state.ts';

/** A chain after a message of it was reached: what was passed on the way, and the key that was found. */
interface ReachedMessage {
  readonly messageKey: Secret;
  /** Keys of the messages passed, oldest first. */
  readonly skipped: readonly HeldMessageKey[];
  /** The chain behind that message. */
  readonly chain: ChainState;
}

/** What remains of a chain that the peer has left. */
interface LeftChain {
  /** Keys of its messages that have not come yet, oldest first. */
  readonly skipped: readonly HeldMessageKey[];
  readonly held: HeldMessageKey | undefined;
}

/** Refuses a message that its chain cannot or may not reach from `next`, its current number. Derives nothing. */
export function requireReachable(options: {
  readonly next: number;
  readonly messageNumber: number;
  readonly maxSkip: number;
}): void {
  const { next, messageNumber, maxSkip } = options;
  const gap = messageNumber - next;
  if (gap < 0) {
    throw new RatchetError('message-key-unavailable', { details: { messageNumber } });
  }
  if (gap > maxSkip) {
    throw new RatchetError('too-many-skipped', { details: { gap, maxSkip } });
  }
}

/** SkipMessageKeys(until) of the paper (3.5) and the KDF_CK after it. The caller has checked the gap. */
export function reachMessage(options: {
  readonly chain: ChainState;
  readonly ratchetKey: Uint8Array;
  readonly messageNumber: number;
}): ReachedMessage {
  const { messageNumber } = options;
  const { skipped, chainKey } = skipMessageKeys(options);
  const next = deriveChainKeys(chainKey);
  return {
    messageKey: next.messageKey,
    skipped,
    chain: { key: next.chainKey, messageNumber: messageNumber + 1 },
  };
}

/** The keys of the messages before this one, and the chain key that it is derived from. */
function skipMessageKeys(options: {
  readonly chain: ChainState;
  readonly ratchetKey: Uint8Array;
  readonly messageNumber: number;
}): { readonly skipped: readonly HeldMessageKey[]; readonly chainKey: Secret } {
  const { chain, ratchetKey, messageNumber: until } = options;
  const skipped: HeldMessageKey[] = [];
  let { key } = chain;
  for (let messageNumber = chain.messageNumber; messageNumber < until; messageNumber += 1) {
    const next = deriveChainKeys(key);
    skipped.push({ ratchetKey, messageNumber, messageKey: next.messageKey });
    key = next.chainKey;
  }
  return { skipped, chainKey: key };
}

/**
 * Ends a receiving chain at pn: the keys before pn are skipped, and the key of index pn is held, because some peers
 * send k-1 after k messages and their last message would be lost. Where the paper refuses the message when pn lies too
 * far ahead, nothing of the old chain is kept here: the message itself is authentic and readable.
 */
export function leaveChain(options: {
  readonly chain: ChainState | undefined;
  readonly ratchetKey: Uint8Array | undefined;
  readonly previousChainLength: number;
  readonly maxSkip: number;
}): LeftChain {
  const { chain, ratchetKey, previousChainLength, maxSkip } = options;
  if (
    chain === undefined ||
    ratchetKey === undefined ||
    !isWithin(previousChainLength - chain.messageNumber, maxSkip)
  ) {
    return { skipped: [], held: undefined };
  }
  const { skipped, chainKey } = skipMessageKeys({ chain, ratchetKey, messageNumber: previousChainLength });
  // Nothing follows on this chain: there is no next chain key.
  const messageKey = deriveMessageKey(chainKey);
  return { skipped, held: { ratchetKey, messageNumber: previousChainLength, messageKey } };
}

function isWithin(gap: number, maxSkip: number): boolean {
  return gap >= 0 && gap <= maxSkip;
}
