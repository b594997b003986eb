import type { BareJid } from '@omemo-kit/omemo-wire';
import type { RecentFailures } from './devices/recent-failures.ts';
import type { Limits } from './limits.ts';
import type { StanzaMarks } from './messages/stanza-marks.ts';
import type { Randomness } from './ports/randomness.ts';
import type { RollbackCounter } from './ports/rollback-counter.ts';
import type { Transport } from './ports/transport.ts';
import type { ProtocolProfile } from './profile/profile.ts';
import type { RecordKeys } from './records/keys.ts';
import type { KnownRooms } from './rooms/known-rooms.ts';
import type { TransactionContext } from './storage/transact.ts';
import type { UnitOfWork } from './storage/unit-of-work.ts';
import type { TrustPolicy } from './trust/policy.ts';

/** What every operation on one device of one account needs. */
export interface AccountContext extends TransactionContext {
  readonly jid: BareJid;
  readonly keys: RecordKeys;
  readonly transport: Transport;
  readonly profile: ProtocolProfile;
  readonly policy: TrustPolicy;
  readonly limits: Limits;
  readonly randomness: Randomness;
  /** What messages say in the clear about being encrypted. */
  readonly marks: StanzaMarks;
  /** What becomes of a pre-key that a key exchange out of an archive used (XEP-0384 sections 6 and 8). */
  readonly usedPreKeys: 'retain' | 'delete-at-once';
  readonly rollbackCounter: RollbackCounter | undefined;
  /** 16 random bytes that tell this instance from others on the same store. */
  readonly instance: Uint8Array;
  /** Own nodes that this instance has seen to, and whether the server takes publish-options. */
  readonly preparedNodes: Map<string, 'with-options' | 'without-options'>;
  /** Whether this instance has compared the store with the published bundle. */
  readonly witness: { asked: boolean };
  /** The rooms of ours, and who is in them. */
  readonly rooms: KnownRooms;
  readonly recentFailures: RecentFailures;
  /** Milliseconds since 1970. */
  now(): number;
  /** Accounts whose device list was fetched or pushed since the last `start`: before that it may have changed unseen. */
  readonly listsSeen: Set<string>;
  /** Runs one unit of work in its turn; see `transact`. */
  transact<T>(body: (unit: UnitOfWork) => Promise<T>, signal?: AbortSignal): Promise<T>;
}
