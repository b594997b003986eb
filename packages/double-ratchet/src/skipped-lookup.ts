import { constantTimeEqual } from '@omemo-kit/primitives';
import { type RatchetHeader, requireHeader } from './ratchet-header.ts';
import type { RatchetState } from './ratchet-state.ts';

/**
 * Whether the caller has to look for a stored key before `ratchetDecrypt`. False when none can matter: nothing is
 * stored, or the message is the next one or a later one of the current receiving chain.
 *
 * @throws {RatchetError} `invalid-header`.
 */
export function needsSkippedLookup(state: RatchetState, header: RatchetHeader): boolean {
  requireHeader(header);
  return state.skippedCount > 0 && !isInOrder(state, header);
}

/** header.dh = DHr of the paper. */
export function isCurrentRatchetKey(state: RatchetState, ratchetKey: Uint8Array): boolean {
  return state.otherRatchetKey !== undefined && constantTimeEqual(state.otherRatchetKey, ratchetKey);
}

function isInOrder(state: RatchetState, header: RatchetHeader): boolean {
  return (
    state.receivingChain !== undefined &&
    header.messageNumber >= state.receivingChain.messageNumber &&
    isCurrentRatchetKey(state, header.ratchetKey)
  );
}
