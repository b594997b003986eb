import type { Counts } from './kind.ts';

/** What both roles of a transcript replayed, under the names that its `counts` use. */
export class TranscriptCounts {
  /** Messages sent, and those of them without content. */
  encrypt = 0;
  empty = 0;
  /** Deliveries recorded as read and as refused, and met. */
  ok = 0;
  refused = 0;
  /** Deliveries that brought a new ratchet key to a session that had one. */
  dhSteps = 0;
  /** Numbers of the messages that were read. */
  readonly read = new Set<number>();

  toCounts(): Counts {
    const { encrypt, ok, refused, empty, dhSteps, read } = this;
    return { encrypt, ok, refused, empty, dh_steps: dhSteps, lost: encrypt - read.size };
  }
}
