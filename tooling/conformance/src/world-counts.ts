import type { Counts } from './kind.ts';

/** What the devices of a world replayed, under the names that its `counts` use. */
export class WorldCounts {
  /** Messages that somebody wrote, and those that the software sent by itself. */
  sent = 0;
  automatic = 0;
  /** Deliveries of messages with content, of empty ones, and refused ones. */
  received = 0;
  empty = 0;
  refused = 0;

  toCounts(): Counts {
    const { sent, automatic, received, empty, refused } = this;
    return { sent, automatic, received, empty, refused };
  }
}
