import type { HeldMessageKey, SkippedMessageKeyChanges } from './message-key.ts';
import type { RatchetState } from './ratchet-state.ts';

/**
 * Numbers new skipped message keys and keeps their count within the limit, first in, first out. Keys that would be
 * evicted by others of the same step are not handed out at all.
 */
export function storeSkipped(options: {
  readonly state: RatchetState;
  /** Oldest first. */
  readonly skipped: readonly HeldMessageKey[];
  readonly maxStoredSkipped: number;
}): SkippedMessageKeyChanges & { readonly state: RatchetState } {
  const { state, skipped, maxStoredSkipped } = options;
  // A message in its turn, of a session that is within the limit: nothing to number, nothing to count.
  if (skipped.length === 0 && state.skippedCount <= maxStoredSkipped) return { state, add: [], remove: [], evict: 0 };
  const numbered = skipped.map((key, index) => ({ ...key, sequence: state.skippedSequence + index }));
  const add = numbered.slice(Math.max(0, numbered.length - maxStoredSkipped));
  const evict = Math.max(0, state.skippedCount + add.length - maxStoredSkipped);
  return {
    state: {
      ...state,
      skippedCount: state.skippedCount + add.length - evict,
      skippedSequence: state.skippedSequence + numbered.length,
    },
    add,
    remove: [],
    evict,
  };
}
