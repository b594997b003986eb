import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { bytes, fixedBytes, flag, list, oneOf, optional, recordCodec, struct, text, u32, u53 } from './codec.ts';
import { identityKeyField, type TrustLevel, trustLevels } from './trust.ts';

/** What was read and not yet acknowledged by the application. */
export interface InboxRecord {
  readonly id: string;
  /** Order of arrival in this store. */
  readonly sequence: number;
  readonly from: string;
  readonly deviceId: number;
  readonly identityKey: Ed25519PublicKey;
  /** Trust in the identity key when the message was read. */
  readonly trust: TrustLevel;
  readonly listed: boolean;
  readonly receivedAt: number;
  /** Stamp of a delayed delivery (XEP-0203). */
  readonly delayedAt: number | undefined;
  /** `late`: later messages of its session were read before it. */
  readonly order: 'current' | 'late';
  /** Messages of its session that were sent before it and had not come when it was read. */
  readonly missing: number;
  readonly payload: Uint8Array;
  /** Whether `payload` is an SCE envelope or bytes of the application's own. */
  readonly content: 'envelope' | 'bytes';
  /** Set when the content authenticated and is refused all the same: why. */
  readonly rejected: string | undefined;
  readonly stanza: StanzaFacts | undefined;
}

/** What the stanza around a message said in the clear. */
export interface StanzaFacts {
  /** How it came: by itself, as a copy of what another own device sent or got, or out of an archive. */
  readonly via: 'direct' | 'carbon' | 'archive';
  readonly id: string | undefined;
  readonly type: string;
  readonly from: string;
  readonly to: string | undefined;
}

/** How many entries a box holds, and the next one's place. */
export interface BoxStateRecord {
  readonly count: number;
  readonly nextSequence: number;
}

/** A stanza that is encrypted and not known to have reached the server. */
export interface OutboxRecord {
  readonly id: string;
  readonly sequence: number;
  /** The stanza as text: a resend has the same bytes. */
  readonly stanza: string;
  /**
   * Bare JID of the contact or room that it is for, where an opt-out holds it back (XEP-0384 5.7); undefined for what goes
   * out all the same: empty messages, and an opt-out itself.
   */
  readonly conversation: string | undefined;
  /** Version of the room's membership that was approved for it: it goes to no other (S56). */
  readonly approved: string | undefined;
  readonly createdAt: number;
  /** Until when `claimedBy` is sending it; 0 when nobody is. */
  readonly claimedUntil: number;
  /** The instance that is sending it, 16 random bytes. */
  readonly claimedBy: Uint8Array;
  readonly attempts: number;
  /** Nobody waits for this one: an empty message. */
  readonly empty: boolean;
  /**
   * The condition of the error it came back with, or `membership-changed` where it did not leave for that; such a stanza is not
   * sent by itself.
   */
  readonly bounced: string | undefined;
}

export const inboxRecord = recordCodec<InboxRecord>(
  1,
  struct<InboxRecord>({
    id: text,
    sequence: u53,
    from: text,
    deviceId: u32,
    identityKey: identityKeyField,
    trust: oneOf(...trustLevels),
    listed: flag,
    receivedAt: u53,
    delayedAt: optional(u53),
    order: oneOf('current', 'late'),
    missing: u32,
    payload: bytes,
    content: oneOf('envelope', 'bytes'),
    rejected: optional(text),
    stanza: optional(
      struct<StanzaFacts>({
        via: oneOf('direct', 'carbon', 'archive'),
        id: optional(text),
        type: text,
        from: text,
        to: optional(text),
      }),
    ),
  }),
);

export const outboxRecord = recordCodec<OutboxRecord>(
  1,
  struct<OutboxRecord>({
    id: text,
    sequence: u53,
    stanza: text,
    conversation: optional(text),
    approved: optional(text),
    createdAt: u53,
    claimedUntil: u53,
    claimedBy: fixedBytes(16),
    attempts: u32,
    empty: flag,
    bounced: optional(text),
  }),
);

export const boxStateRecord = recordCodec<BoxStateRecord>(1, struct<BoxStateRecord>({ count: u53, nextSequence: u53 }));

/** Hashes of the newest messages of a device that fell into one bucket, oldest first. */
export const seenRecord = recordCodec<readonly Uint8Array[]>(1, list(fixedBytes(16)));

/** How often message keys were spent, for a counter outside the store to be compared with; see `RollbackCounter`. */
export const counterRecord = recordCodec<{ readonly value: number }>(1, struct({ value: u53 }));

/** Something is owed, see `RecordKeys`; the record's being there is the debt. */
export const debtRecord = recordCodec<{ readonly since: number }>(1, struct({ since: u53 }));
