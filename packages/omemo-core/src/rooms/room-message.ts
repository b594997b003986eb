import type { Element } from 'ltx';
import type { HoldReason } from '../delivery/holds.ts';
import type { Delivery } from '../delivery/outbox.ts';
import type { Encrypted } from '../messages/encrypt.ts';
import type { OnProgress } from '../messages/progress.ts';
import type { StanzaMarks } from '../messages/stanza-marks.ts';
import type { Membership } from './members.ts';

export interface RoomMessage {
  /** Elements to be kept from servers, each in its own namespace: `<body xmlns='jabber:client'/>` for text. */
  readonly content: readonly Element[];
  /** Elements beside the encrypted one, in the clear for servers to see. */
  readonly beside?: readonly Element[];
  /** Stanza id, by which the room's reflection of the message is recognised; a random one by default. */
  readonly id?: string;
  /**
   * What `Room.membership` gave and the user agreed to: with other members than these nothing is encrypted, and
   * `membership-changed` says who came and who went. It holds until the message leaves: one that waited in the outbox while the
   * members changed is not sent, see the event `unsent`.
   */
  readonly approved?: Membership;
  /** What it says in the clear about being encrypted, in place of what `Omemo.open` was told. */
  readonly marks?: StanzaMarks;
  /** Told how fetching goes on. */
  readonly onProgress?: OnProgress;
}

export interface EncryptedRoomMessage extends Omit<Encrypted, 'stanza'> {
  readonly id: string;
  /** The `<message/>` to send. It is in the outbox until the room reflects it, or `sent` is told its id. */
  readonly stanza: Element;
}

export interface SentRoomMessage extends EncryptedRoomMessage {
  readonly delivery: Delivery;
  /** Why it is only queued. */
  readonly cause?: unknown;
  /** Set when it will not leave with the next connection either: see `OutboxEntry.held`. */
  readonly held?: HoldReason;
}
