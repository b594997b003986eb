import type { BareJid } from '@omemo-kit/omemo-wire';
import { assertGiven, envelopeArgument } from '../arguments.ts';
import type { AccountContext } from '../context.ts';
import { deliver } from '../delivery/outbox.ts';
import { OmemoError } from '../errors.ts';
import type { FacadePart } from '../facade-part.ts';
import { encryptPayload } from '../messages/encrypt.ts';
import { messageStanza } from '../messages/stanza.ts';
import { marksWith } from '../messages/stanza-marks.ts';
import { TransportError } from '../ports/transport.ts';
import { type RoomMember, type RoomRecord, roomRecord } from '../records/room.ts';
import { addressees, type RoomRules } from './addressees.ts';
import { type Membership, membershipOf } from './members.ts';
import { type RefreshedRoom, refreshRoom } from './refresh.ts';
import { refreshIfStale } from './refresh-stale.ts';
import type { EncryptedRoomMessage, RoomMessage, SentRoomMessage } from './room-message.ts';
import type { Occupant } from './room-presence.ts';

/**
 * A room that is encrypted to (XEP-0384 5.8). It neither enters the room nor leaves it: that is the client's business, which
 * hands all presence and messages of the room to `Omemo.receive`. What is known of the room is kept in the store.
 */
export class Room {
  /** Bare JID. */
  readonly jid: BareJid;
  readonly #part: FacadePart;
  readonly #rules: RoomRules;

  /** Made by `Rooms.room`. */
  constructor(part: FacadePart, jid: BareJid, rules: RoomRules) {
    this.#part = part;
    this.#rules = rules;
    this.jid = jid;
    part.context.rooms.add(part.context, jid);
  }

  /**
   * Asks the room how it is configured and who is in its lists (XEP-0384 5.8.1). Upkeep does so by itself after each join; to
   * be called where upkeep is manual, and before the first message where that is not to wait.
   *
   * @throws OmemoError `room-too-large`, `contention`; TransportError when the room does not answer, with `item-not-found` for one
   * that is not there. What was known stays then, but of a room that is not there.
   */
  async refresh(signal?: AbortSignal): Promise<RefreshedRoom> {
    const refreshed = await refreshRoom(this.#context(), this.jid, signal);
    // What waited in the outbox until the room is entered can go.
    this.#part.settleSoon();
    return copyOf(refreshed);
  }

  /** What is known of the room; undefined before the first `refresh`. */
  async known(): Promise<RoomRecord | undefined> {
    const context = this.#context();
    const known = await context.transact((unit) => unit.get(roomRecord, context.keys.room(this.jid)));
    return known && copyOf(known);
  }

  /** Who gets what is written, online or not, the own account too when it is in the lists; nobody before `refresh`. */
  async members(): Promise<readonly RoomMember[]> {
    return (await this.membership()).members;
  }

  /** The members, and a version to approve them by: see `RoomMessage.approved`. */
  async membership(): Promise<Membership> {
    return membershipOf((await this.known())?.members ?? []);
  }

  /** Who is in the room now, as its presence told this instance. */
  get occupants(): readonly Occupant[] {
    return (this.#context().rooms.get(this.jid)?.occupants ?? []).map((occupant) => ({ ...occupant }));
  }

  /**
   * Encrypts content for all devices of all members and our other ones (XEP-0384 5.8.3). Members that cannot be reached are
   * told of in `unreached` and keep nobody else from reading.
   *
   * @throws OmemoError `room-unknown`, `room-anonymous`, `room-open`, `room-too-large`, `membership-changed`, `opted-out`, `undecided-devices`,
   * `no-devices` when nobody at all is reached, `outbox-full`, `contention`, `invalid-argument`; nothing is consumed then.
   */
  async encrypt(message: RoomMessage, signal?: AbortSignal): Promise<EncryptedRoomMessage> {
    const context = this.#context();
    assertGiven(message, 'a message');
    const { randomness, jid: from } = context;
    const { jid: room } = this;
    const id = message.id ?? randomness.messageId();
    // "group chat messages MUST contain the to affix" (XEP-0384 5.5.1, R78).
    const affixes = { from, to: room, time: new Date(context.now()), padding: randomness.padding() };
    const plaintext = envelopeArgument({ content: message.content, ...affixes });
    await refreshIfStale(context, room, signal).catch(asUnknown(room));
    const build = messageStanza({
      ...{ id, to: room, type: 'groupchat', beside: message.beside },
      marks: marksWith(context.marks, message.marks),
    });
    const asked = { room, rules: this.#rules, approved: message.approved };
    const { stanza, ...encrypted } = await encryptPayload(
      context,
      {
        to: [],
        membersOf: (unit) => addressees(context, unit, asked),
        unlessOptedOut: [room],
        plaintext,
        stanza: { id, build, approved: message.approved?.version },
        onProgress: message.onProgress,
      },
      signal,
    );
    // There is one whenever one is built.
    return { ...encrypted, id, stanza: stanza! };
  }

  /**
   * Encrypts and sends. A connection that is gone is no failure: the stanza waits in the outbox until the room is entered
   * again.
   */
  async send(message: RoomMessage, signal?: AbortSignal): Promise<SentRoomMessage> {
    const encrypted = await this.encrypt(message, signal);
    return { ...encrypted, ...(await deliver(this.#context(), encrypted, signal)) };
  }

  /** Forgets the room. What it tells from now on is ignored until somebody names it again. */
  async forget(): Promise<void> {
    const context = this.#context();
    await context.transact(async (unit) => {
      const key = context.keys.room(this.jid);
      if ((await unit.get(roomRecord, key)) !== undefined) unit.remove(key);
    });
    context.rooms.delete(this.jid);
  }

  #context(): AccountContext {
    this.#part.assertOpen();
    return this.#part.context;
  }
}

/** A room that does not answer is one that nothing is known of. */
function asUnknown(room: BareJid) {
  return (cause: unknown): never => {
    if (!(cause instanceof TransportError)) throw cause;
    throw new OmemoError('room-unknown', 'the room did not say who is in it', {
      cause,
      details: { room, refused: [] },
    });
  };
}

/** For the application, which may write into it: the record is remembered, and the next message goes to whom it says. */
function copyOf<Known extends RoomRecord>(room: Known): Known {
  return { ...room, refused: [...room.refused], members: room.members.map((member) => ({ ...member })) };
}
