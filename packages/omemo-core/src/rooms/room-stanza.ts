import { type BareJid, bareJidOf, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

export const NS_MUC_USER = 'http://jabber.org/protocol/muc#user';
export const NS_OCCUPANT_ID = 'urn:xmpp:occupant-id:0';

/** XEP-0421 gives identifiers 128 characters at most. */
const LONGEST_OCCUPANT_ID = 128;
/** An affiliation change tells of one account or a few; XEP-0045 9.8 has two in its longest example. */
const MOST_ITEMS = 256;

/** What a `<item/>` of a room says about somebody (XEP-0045 16.2). */
export interface RoomItem {
  /** Real bare JID; undefined where the room does not show it, and for what is no account. */
  readonly jid: BareJid | undefined;
  readonly affiliation: string | undefined;
  readonly nick: string | undefined;
}

/** What a stanza of a room tells about its occupants, affiliations or configuration. */
export interface RoomNews {
  readonly room: BareJid;
  /** Whose presence it is; undefined for a message of the room itself. */
  readonly nick: string | undefined;
  readonly kind: 'available' | 'unavailable' | 'message';
  readonly items: readonly RoomItem[];
  readonly codes: ReadonlySet<string>;
  readonly destroyed: boolean;
  readonly occupantId: string | undefined;
}

/**
 * Reads what a room tells; undefined when it is nothing of that kind. Presence of an occupant counts, and a message of the
 * room's bare JID: any occupant can send a message with such elements in it, and it comes from the room's address with a
 * nick.
 *
 * @throws WireError for a stanza in which two such elements compete: one of them may be somebody else's.
 */
export function readRoomNews(stanza: Element): RoomNews | undefined {
  const from = textAttribute(stanza, 'from');
  const [x, second] = stanza.getChildren('x', NS_MUC_USER);
  if (from === undefined || x === undefined) return undefined;
  const kind = kindOf(stanza);
  const nick = nickOf(from);
  if (kind === undefined || (kind === 'message') !== (nick === undefined)) return undefined;
  if (second !== undefined) throw new WireError('repeated-element', 'a room tells two things', {});
  const items = x.getChildren('item', NS_MUC_USER).slice(0, MOST_ITEMS).map(readItem);
  const codes = x.getChildren('status', NS_MUC_USER).slice(0, MOST_ITEMS);
  const destroyed = x.getChild('destroy', NS_MUC_USER) !== undefined;
  if (kind === 'message' && items.length === 0 && codes.length === 0) return undefined;
  return {
    room: bareJidOf(from),
    nick,
    kind,
    items,
    codes: new Set(codes.map((code) => textAttribute(code, 'code') ?? '')),
    destroyed,
    occupantId: occupantIdOf(stanza),
  };
}

/**
 * The real JIDs that a message of a room's archive names, each one once. A sender may have put an element of its own into
 * the message (XEP-0313 warns of it), so that only a single one is the archive's word.
 */
export function namedJids(message: Element): readonly (BareJid | undefined)[] {
  const items = message.getChildren('x', NS_MUC_USER).flatMap((x) => x.getChildren('item', NS_MUC_USER));
  const withJid = items.filter((item) => textAttribute(item, 'jid') !== undefined).slice(0, MOST_ITEMS);
  return [...new Set(withJid.map((item) => readItem(item).jid))];
}

/** The identifier that the room gave the occupant; undefined when there are two, or none of a proper length. */
export function occupantIdOf(stanza: Element): string | undefined {
  const [only, second] = stanza.getChildren('occupant-id', NS_OCCUPANT_ID);
  const id = only === undefined || second !== undefined ? undefined : textAttribute(only, 'id');
  return id === undefined || id.length > LONGEST_OCCUPANT_ID ? undefined : id;
}

/** What follows the first slash of a room's address. */
export function nickOf(jid: string): string | undefined {
  const slash = jid.indexOf('/');
  return slash < 0 ? undefined : jid.slice(slash + 1);
}

/** An account's bare JID; undefined for a whole domain, which has no devices (X43), and for what is no JID. */
export function accountJid(text: string | undefined): BareJid | undefined {
  try {
    const jid = text === undefined ? undefined : bareJidOf(text);
    return jid?.includes('@') ? jid : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

export function textAttribute(element: Element, name: string): string | undefined {
  const value: unknown = element.attrs[name];
  return typeof value === 'string' ? value : undefined;
}

function readItem(item: Element): RoomItem {
  return {
    jid: accountJid(textAttribute(item, 'jid')),
    affiliation: textAttribute(item, 'affiliation'),
    nick: textAttribute(item, 'nick'),
  };
}

function kindOf(stanza: Element): RoomNews['kind'] | undefined {
  const type = textAttribute(stanza, 'type');
  if (stanza.is('message')) return type === 'error' ? undefined : 'message';
  if (!stanza.is('presence')) return undefined;
  if (type === undefined) return 'available';
  return type === 'unavailable' ? 'unavailable' : undefined;
}
