import { jidArgument } from './arguments.ts';
import type { AccountContext } from './context.ts';
import { RecentFailures } from './devices/recent-failures.ts';
import { OmemoError } from './errors.ts';
import type { EventSource } from './events.ts';
import { type Limits, limitsWith } from './limits.ts';
import { marksWith, type StanzaMarks } from './messages/stanza-marks.ts';
import { abortable } from './ports/abortable-transport.ts';
import { type Randomness, systemRandomness } from './ports/randomness.ts';
import type { RollbackCounter } from './ports/rollback-counter.ts';
import type { Store } from './ports/store.ts';
import type { Transport } from './ports/transport.ts';
import { omemo2 } from './profile/omemo2.ts';
import type { ProtocolProfile } from './profile/profile.ts';
import { recordKeys } from './records/keys.ts';
import { KnownRooms } from './rooms/known-rooms.ts';
import type { OperationQueue } from './storage/queue.ts';
import { RecordCache } from './storage/record-cache.ts';
import { transact } from './storage/transact.ts';
import type { TrustPolicy } from './trust/policy.ts';

export interface ContextOptions {
  /** Bare JID of the account. */
  readonly jid: string;
  readonly store: Store;
  readonly transport: Transport;
  /** What a new identity key is worth before a person looked at it. There is no default. */
  readonly trust: TrustPolicy;
  /** Name of this device's records in the store; the JID by default. Two devices of one account in one store need two. */
  readonly account?: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** The protocol version; OMEMO 2 by default. */
  readonly profile?: ProtocolProfile;
  readonly randomness?: Randomness;
  readonly limits?: Partial<Limits>;
  /** What messages say in the clear about being encrypted; nothing by default. */
  readonly marks?: StanzaMarks;
  /**
   * Pre-keys that key exchanges out of an archive used. `retain`, the default: they are kept until `finishCatchUp`, so that the
   * message of a second sender on the same one is not lost (XEP-0384 section 6). `delete-at-once`: forward secrecy comes
   * first, and such a message is lost (section 8).
   */
  readonly usedPreKeys?: 'retain' | 'delete-at-once';
  /** A number kept outside the store, by which an old copy of the store is told for certain. */
  readonly rollbackCounter?: RollbackCounter;
}

/** What the operations on one device work with, from what the application gave. */
export function openContext(options: ContextOptions, queue: OperationQueue, events: EventSource): AccountContext {
  const jid = jidArgument(options.jid);
  if (typeof options.trust?.decide !== 'function') {
    throw new OmemoError('invalid-argument', 'a trust policy is to be given: there is no default');
  }
  const randomness = options.randomness ?? systemRandomness;
  const context: AccountContext = {
    jid,
    instance: randomness.commitId(),
    listsSeen: new Set(),
    preparedNodes: new Map(),
    witness: { asked: false },
    rooms: new KnownRooms(),
    recentFailures: new RecentFailures(),
    keys: recordKeys(options.account ?? jid),
    store: options.store,
    transport: abortable(options.transport),
    policy: options.trust,
    profile: options.profile ?? omemo2,
    limits: limitsWith(options.limits),
    usedPreKeys: options.usedPreKeys ?? 'retain',
    rollbackCounter: options.rollbackCounter,
    randomness,
    marks: marksWith({}, options.marks),
    cache: new RecordCache(),
    emit: (name, event) => events.emit(name, event),
    now: options.clock ?? Date.now,
    transact: (body, signal) => queue.run(() => transact(context, body, signal)),
  };
  return context;
}
