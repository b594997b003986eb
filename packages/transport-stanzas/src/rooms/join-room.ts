import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { StanzaChannel } from '../channel.ts';
import { NS_MUC, NS_MUC_USER } from '../namespaces.ts';
import { answerWithin } from '../stanzas/answer-within.ts';
import { attribute, xml } from '../stanzas/element.ts';
import { transportErrorOf } from '../stanzas/transport-error.ts';
import { roomAddress } from './room-address.ts';

export interface RoomToJoin {
  /** Bare JID of the room. */
  readonly room: string;
  readonly nick: string;
  readonly password?: string;
}

export interface JoinedRoom {
  readonly room: string;
  /** The own nick in the room, which the service may have changed (XEP-0045 7.2.3). */
  readonly nick: string;
  /** Status codes of the own presence: 201 for a room that was made just now, 170 for one that is logged, … */
  readonly codes: readonly number[];
}

export interface JoinOptions extends RoomToJoin {
  readonly channel: StanzaChannel;
  /** Messages that the room itself is to send from before: 0 where its archive is read. As many as it likes when left out. */
  readonly history?: number | undefined;
  /** Elements for the presence, such as `Capabilities.element`. */
  readonly presence?: readonly Element[];
  /** Milliseconds to wait for the room; 30,000 by default. */
  readonly timeout?: number;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT = 30_000;

/**
 * Enters a room and waits for the own presence in it, before which all others have come (XEP-0045 7.2.2). Rejects with
 * TransportError: `registration-required` for a member's room, `conflict` for a nick that is taken, `forbidden`, `timeout`, …; at once with
 * `jid-malformed` for what is no address of a room, or no nick.
 */
export async function joinRoom(options: JoinOptions): Promise<JoinedRoom> {
  const { channel, nick, password, history, presence = [], timeout = TIMEOUT, signal } = options;
  const room = roomAddress(options);
  const x = xml('x', { xmlns: NS_MUC });
  if (history !== undefined) x.cnode(xml('history', { maxstanzas: String(history) }));
  if (password !== undefined) x.cnode(xml('password', {}, password));
  return answerWithin<JoinedRoom>({ signal, timeout }, (resolve, reject) => {
    const stop = channel.onStanza((stanza) => {
      if (!stanza.is('presence') || roomOf(stanza) !== room) return;
      if (attribute(stanza, 'type') === 'error') return reject(transportErrorOf(stanza));
      const codes = statusCodes(stanza);
      if (attribute(stanza, 'type') !== undefined || !codes.includes(110)) return;
      resolve({ room, nick: nickOf(stanza) ?? nick, codes });
    });
    channel.send(xml('presence', { to: `${room}/${nick}` }, x, ...presence), signal).catch(reject);
    return stop;
  });
}

/** Leaves a room (XEP-0045 7.14). */
export async function leaveRoom(
  channel: StanzaChannel,
  { room, nick }: Pick<RoomToJoin, 'room' | 'nick'>,
  signal?: AbortSignal,
): Promise<void> {
  await channel.send(xml('presence', { to: `${bareJidOf(room)}/${nick}`, type: 'unavailable' }), signal);
}

function statusCodes(presence: Element): readonly number[] {
  const statuses = presence.getChild('x', NS_MUC_USER)?.getChildren('status') ?? [];
  return statuses.map((status) => Number(attribute(status, 'code')));
}

function roomOf(stanza: Element): string | undefined {
  const from = attribute(stanza, 'from');
  try {
    return from === undefined ? undefined : bareJidOf(from);
  } catch {
    // An address that is none belongs to no room.
    return undefined;
  }
}

function nickOf(stanza: Element): string | undefined {
  const from = attribute(stanza, 'from') ?? '';
  const slash = from.indexOf('/');
  return slash < 0 ? undefined : from.slice(slash + 1);
}
