import type { Account } from './account.ts';
import type { Quirks } from './quirks.ts';
import type { Room } from './room.ts';

/** What the parts of the server share. */
export interface Realm {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly rooms: Map<string, Room>;
  readonly quirks: Quirks;
  /** Nodes that a client with these capabilities wants events of, by the `ver` of XEP-0115. */
  readonly wanted: Map<string, readonly string[]>;
  /** An id that was not there before. */
  nextId(): string;
  now(): Date;
}
