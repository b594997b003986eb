import { type BareJid, bareJidOf, type Unwrapped, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import { type RoomRecord, roomRecord } from '../records/room.ts';
import { knownRoom } from './known-room.ts';
import type { RoomPresence } from './room-presence.ts';
import { NS_MUC_USER, namedJids, nickOf, occupantIdOf, textAttribute } from './room-stanza.ts';

/** Who wrote a message that a room of ours delivered. */
export interface RoomOrigin {
  readonly room: BareJid;
  readonly nick: string;
  /** Undefined: nobody says. */
  readonly jid: BareJid | undefined;
}

/**
 * Milliseconds by which our clock and a room's may differ: within them it is not told from stamps who had a nick first.
 * Clocks that nobody sets drift by a few minutes a month.
 */
const CLOCK_TOLERANCE = 600_000;

/**
 * Finds the account behind a room's message, in this order of who can be believed:
 *
 * - the real JID that the room's own archive puts into the messages of a non-anonymous room (XEP-0313 "MUC Archives");
 * - the occupant identifier, where the room gives them out and so strips those made up (XEP-0421);
 * - the nick: of a live message whoever has it now, of an older one who has had it since before (somebody else may have had
 *   it then: converse.js#2241).
 *
 * Undefined for a message that does not come from an occupant of a room of ours.
 */
export async function roomOrigin(
  context: AccountContext,
  unwrapped: Unwrapped,
  signal?: AbortSignal,
): Promise<RoomOrigin | undefined> {
  const { message } = unwrapped;
  const address = textAttribute(message, 'from');
  const nick = address === undefined ? undefined : nickOf(address);
  if (address === undefined || nick === undefined) return undefined;
  const room = bareJidOf(address);
  const presence = looksLikeRoom(message) ? await knownRoom(context, room, signal) : context.rooms.get(room);
  if (presence === undefined) return undefined;
  const record = await context.transact((unit) => unit.get(roomRecord, context.keys.room(room)), signal);
  const jid = accountBehind(unwrapped, { nick, presence, record, own: context.jid });
  return { room, nick, jid };
}

/** The account behind an address in a room of ours, by who has the nick now: for our own private messages to it. */
export function occupantAt(context: AccountContext, address: string): BareJid | undefined {
  const nick = nickOf(address);
  return nick === undefined ? undefined : context.rooms.get(bareJidOf(address))?.occupant(nick)?.jid;
}

function accountBehind(
  unwrapped: Unwrapped,
  known: {
    readonly nick: string;
    readonly presence: RoomPresence;
    readonly record: RoomRecord | undefined;
    readonly own: BareJid;
  },
): BareJid | undefined {
  const { message, delay } = unwrapped;
  const { nick, presence, record } = known;
  if (unwrapped.kind === 'archived' && unwrapped.archive === presence.room && record?.anonymity === 'non-anonymous') {
    const named = namedJids(message);
    // Two of them: one was put there by the sender.
    if (named.length > 0) return named.length === 1 ? named[0] : undefined;
  }
  const id = record?.occupantIds === true ? occupantIdOf(message) : undefined;
  const byId = id === undefined ? undefined : presence.accountOf(id);
  if (byId !== undefined) return byId;
  const live = unwrapped.kind !== 'archived' && delay === undefined;
  if (live && nick === presence.ownNick) return known.own;
  const occupant = presence.occupant(nick);
  if (occupant === undefined || (id !== undefined && occupant.occupantId !== id)) return undefined;
  const since = delay === undefined ? undefined : occupant.since + CLOCK_TOLERANCE <= delay.stamp.getTime();
  return live || since === true ? occupant.jid : undefined;
}

/** Whether it is worth asking the store for a room: for a chat message of a contact it is not. */
function looksLikeRoom(message: Element): boolean {
  return textAttribute(message, 'type') === 'groupchat' || message.getChild('x', NS_MUC_USER) !== undefined;
}

const NS_MAM = 'urn:xmpp:mam:2';

/** The archive that a result comes from, if it is that of a room of ours: nobody else may hand us old messages (S50). */
export async function roomArchives(
  context: AccountContext,
  stanza: Element,
  signal?: AbortSignal,
): Promise<readonly BareJid[]> {
  const from = textAttribute(stanza, 'from');
  if (from === undefined || stanza.getChild('result', NS_MAM) === undefined) return [];
  const jid = bareJidOf(from);
  if (jid === context.jid) return [];
  const presence = await knownRoom(context, jid, signal);
  return presence === undefined ? [] : [presence.room];
}

/** @throws WireError when a room's archive holds a message of somewhere else: it has no say there (S50). */
export function assertOwnMessage(unwrapped: Unwrapped, own: BareJid): void {
  if (unwrapped.kind !== 'archived' || unwrapped.archive === own) return;
  const from = textAttribute(unwrapped.message, 'from');
  if (from !== undefined && bareJidOf(from) === unwrapped.archive) return;
  throw new WireError('forged-forward', 'an archive holds a message that is not its own');
}
