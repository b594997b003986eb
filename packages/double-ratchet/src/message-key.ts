import { constantTimeEqual, type Secret } from '@omemo-kit/primitives';
import type { RatchetHeader } from './ratchet-header.ts';

/** The key of one message that has not come yet. */
export interface HeldMessageKey {
  /** dh of the message, 32 bytes. */
  readonly ratchetKey: Uint8Array;
  /** n of the message. */
  readonly messageNumber: number;
  /** mk, 32 bytes. */
  readonly messageKey: Secret;
}

/** An entry of MKSKIPPED: stored by the caller, looked up by (ratchet key, message number). */
export interface SkippedMessageKey extends HeldMessageKey {
  /** Grows with every key of a session: the lowest is the oldest and goes first. */
  readonly sequence: number;
}

/** What a step does to the caller's skipped message keys. It belongs into the transaction that writes the new state. */
export interface SkippedMessageKeyChanges {
  /** To be stored, oldest first. */
  readonly add: readonly SkippedMessageKey[];
  /** To be deleted: the key that the message used, if it was a stored one. */
  readonly remove: readonly SkippedMessageKey[];
  /** How many of the oldest keys stored before (lowest sequence) have to go; never one of `add`. */
  readonly evict: number;
}

/** Whether a kept key is the one of this header's message. */
export function isKeyOf(key: HeldMessageKey, header: RatchetHeader): boolean {
  return key.messageNumber === header.messageNumber && constantTimeEqual(key.ratchetKey, header.ratchetKey);
}
