import type { Element } from 'ltx';
import { archiveMessage } from './archive.ts';
import type { Connection } from './connection.ts';
import { readForm, writeForm } from './data-form.ts';
import { bareOf, domainOf, resourceOf } from './jid.ts';
import { deliverMessage } from './messages.ts';
import { NS_MUC, NS_MUC_ADMIN, NS_MUC_OWNER, NS_MUC_USER } from './namespaces.ts';
import type { Realm } from './realm.ts';
import { type Affiliation, affiliations, Room, type RoomConfig } from './room.ts';
import { addressOf, attribute, copyElement, StanzaError, typeOf, xml } from './stanza.ts';

/** Whether this address belongs to the group chat service. */
export function isRoomJid(jid: string): boolean {
  return /^(?:muc|rooms|conference)\./.test(domainOf(jid));
}

/** Presence to a room: enters, or leaves when `unavailable` (XEP-0045 7.2, 7.14). A room that is not there is made. */
export function receiveRoomPresence(realm: Realm, connection: Connection, presence: Element): void {
  const bareJid = bareOf(addressOf(presence));
  const existing = realm.rooms.get(bareJid);
  const inside = existing?.occupantOf(connection);
  if (attribute(presence, 'type') === 'unavailable') {
    if (inside !== undefined) existing?.leave(inside);
    return;
  }
  const nick = resourceOf(addressOf(presence));
  if (inside !== undefined) {
    if (nick === undefined || nick === inside.nick) return;
    if (existing?.occupantNamed(nick) !== undefined) throw new StanzaError({ condition: 'conflict' });
    existing?.rename(inside, nick);
    return;
  }
  if (presence.getChild('x', NS_MUC) === undefined) return;
  const room = existing ?? new Room(bareJid, { affiliations: { [connection.bareJid]: 'owner' } });
  const affiliation = room.affiliationOf(connection.jid);
  if (nick === undefined) throw new StanzaError({ condition: 'jid-malformed', type: 'modify' });
  if (affiliation === 'outcast') throw forbidden();
  if (affiliation === 'none' && room.config.membership === 'members-only') {
    throw new StanzaError({ condition: 'registration-required', type: 'auth' });
  }
  // Several resources of one account may share a nick.
  const namesake = room.occupantNamed(nick);
  if (namesake !== undefined && namesake.connection.bareJid !== connection.bareJid)
    throw new StanzaError({ condition: 'conflict' });
  realm.rooms.set(bareJid, room);
  room.enter({ nick, connection }, existing === undefined ? [201] : []);
}

/** A message to a room or one of its occupants (7.4, 7.5), with its `from` replaced by the sender's nick. */
export function receiveRoomMessage(realm: Realm, connection: Connection, message: Element): void {
  if (attribute(message, 'type') === 'error') return;
  const room = realm.rooms.get(bareOf(addressOf(message)));
  const sender = room?.occupantOf(connection);
  if (room === undefined) throw new StanzaError({ condition: 'item-not-found' });
  if (sender === undefined) throw new StanzaError({ condition: 'not-acceptable' });
  const copy = room.identify(copyElement(message), sender);
  copy.attr('from', `${room.bareJid}/${sender.nick}`);
  const nick = resourceOf(addressOf(message));
  if ((nick === undefined) !== (typeOf(message) === 'groupchat')) {
    throw new StanzaError({ condition: 'bad-request', type: 'modify' });
  }
  if (nick === undefined) {
    room.broadcast(archiveMessage(realm, room, copy, 'first', (kept) => room.forArchive(kept, sender)));
    return;
  }
  const addressed = room.occupantNamed(nick);
  const account = addressed && realm.accounts.get(addressed.connection.bareJid);
  if (addressed === undefined || account === undefined) throw new StanzaError({ condition: 'item-not-found' });
  copy.attr('to', addressed.connection.jid);
  copy.append(xml('x', { xmlns: NS_MUC_USER }));
  deliverMessage(realm, account, copy);
}

/** Reads or changes affiliations (9.3 to 9.9, 10.3 to 10.8). Members may read, as in Prosody. */
export function answerRoomAdmin(room: Room, from: string, type: 'get' | 'set', query: Element): Element | undefined {
  const own = room.affiliationOf(from);
  const items = query.getChildren('item');
  if (type === 'get') {
    const wanted = toAffiliation(items[0]);
    if (own === 'outcast' || (own === 'none' && room.config.membership === 'members-only')) throw forbidden();
    if (wanted === 'outcast' && own !== 'owner' && own !== 'admin') throw forbidden();
    const found = room.membersOf(wanted).map((jid) => xml('item', { affiliation: wanted, jid }));
    return xml('query', { xmlns: NS_MUC_ADMIN }, ...found);
  }
  const changes = items.map((item) => ({
    jid: bareOf(attribute(item, 'jid') ?? ''),
    affiliation: toAffiliation(item),
  }));
  for (const { jid, affiliation } of changes) {
    const isHigh = [affiliation, room.affiliationOf(jid)].some((each) => each === 'owner' || each === 'admin');
    if (own !== 'owner' && (own !== 'admin' || isHigh)) throw forbidden();
    const isLast = room.affiliationOf(jid) === 'owner' && room.membersOf('owner').length === 1;
    if (isLast && affiliation !== 'owner') throw new StanzaError({ condition: 'conflict' });
  }
  for (const { jid, affiliation } of changes) room.affiliate(jid, affiliation);
  return undefined;
}

/** Reads or changes the configuration (10.2), or ends the room (10.9), by owners. */
export function answerRoomOwner(
  realm: Realm,
  room: Room,
  from: string,
  { type, query }: { readonly type: 'get' | 'set'; readonly query: Element },
): Element | undefined {
  if (room.affiliationOf(from) !== 'owner') throw forbidden();
  if (type === 'set' && query.getChild('destroy', NS_MUC_OWNER) !== undefined) {
    realm.rooms.delete(room.bareJid);
    room.destroy();
    return undefined;
  }
  const formType = `${NS_MUC}#roomconfig`;
  if (type === 'get') {
    const fields = {
      'muc#roomconfig_whois': room.config.whois,
      'muc#roomconfig_membersonly': room.config.membership === 'members-only' ? '1' : '0',
    };
    return xml('query', { xmlns: NS_MUC_OWNER }, writeForm('form', formType, fields));
  }
  const fields = readForm(query);
  const whois = fields['muc#roomconfig_whois'];
  const membersOnly = fields['muc#roomconfig_membersonly'];
  const config: { -readonly [K in keyof RoomConfig]?: RoomConfig[K] } = {};
  if (whois !== undefined) config.whois = whois === 'anyone' ? 'anyone' : 'moderators';
  if (membersOnly !== undefined) config.membership = ['1', 'true'].includes(membersOnly) ? 'members-only' : 'open';
  if (Object.keys(config).length > 0) room.configure(config);
  return undefined;
}

function toAffiliation(item: Element | undefined): Affiliation {
  const affiliation = affiliations.find((each) => each === attribute(item, 'affiliation'));
  if (affiliation === undefined) throw new StanzaError({ condition: 'bad-request', type: 'modify' });
  return affiliation;
}

function forbidden(): StanzaError {
  return new StanzaError({ condition: 'forbidden', type: 'auth' });
}
