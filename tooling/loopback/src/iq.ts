import type { Element } from 'ltx';
import { queryArchive } from './archive.ts';
import { noteDiscoAnswer } from './capabilities.ts';
import type { Connection } from './connection.ts';
import { bareOf, domainOf, normalizeJid, resourceOf } from './jid.ts';
import {
  NS_CARBONS,
  NS_DISCO_INFO,
  NS_MAM,
  NS_MUC,
  NS_MUC_ADMIN,
  NS_MUC_OWNER,
  NS_OCCUPANT_ID,
  NS_PING,
  NS_PUBSUB,
  NS_PUBSUB_OWNER,
} from './namespaces.ts';
import { answerPubsub } from './pep.ts';
import type { Realm } from './realm.ts';
import { answerRoomAdmin, answerRoomOwner, isRoomJid } from './room-service.ts';
import { addressOf, copyElement, errorReply, isAnswer, StanzaError, xml } from './stanza.ts';

/** Answers an IQ, or passes it on when it is for a client. */
export function receiveIq(realm: Realm, connection: Connection, iq: Element): void {
  const to = addressOf(iq);
  if (!isRoomJid(to) && resourceOf(to) !== undefined) {
    passOn(realm, connection, iq, to);
    return;
  }
  const { type, id, from } = iq.attrs;
  if (type !== 'get' && type !== 'set') {
    noteDiscoAnswer(realm, connection, iq);
    return;
  }
  const payload = answer(realm, connection, type, iq);
  connection.deliver(
    xml('iq', { type: 'result', id, from: to, to: from }, ...(payload === undefined ? [] : [payload])),
  );
}

function passOn(realm: Realm, connection: Connection, iq: Element, to: string): void {
  const receiver = realm.accounts.get(bareOf(to))?.connections.get(normalizeJid(to));
  const unavailable = { condition: 'service-unavailable' };
  const isRequest = !isAnswer(iq);
  const refuse = (): void => connection.deliver(errorReply(iq, unavailable));
  if (receiver !== undefined) receiver.deliver(copyElement(iq), isRequest ? refuse : undefined);
  else if (isRequest) throw new StanzaError(unavailable);
}

function answer(realm: Realm, connection: Connection, type: 'get' | 'set', iq: Element): Element | undefined {
  const to = bareOf(addressOf(iq));
  const [child, ...more] = iq.getChildElements();
  if (child === undefined || more.length > 0) throw new StanzaError({ condition: 'bad-request', type: 'modify' });
  const namespace = child.getNS();
  const account = realm.accounts.get(to);
  const room = realm.rooms.get(to);
  if (namespace === NS_PING) return undefined;
  if (room !== undefined) {
    if (namespace === NS_MUC_ADMIN) return answerRoomAdmin(room, connection.jid, type, child);
    if (namespace === NS_MUC_OWNER) return answerRoomOwner(realm, room, connection.jid, { type, query: child });
    if (namespace === NS_DISCO_INFO) {
      const { whois, membership } = room.config;
      const features = [
        NS_MUC,
        whois === 'anyone' ? 'muc_nonanonymous' : 'muc_semianonymous',
        membership === 'members-only' ? 'muc_membersonly' : 'muc_open',
        ...(room.abilities.occupantIds === 'on' ? [NS_OCCUPANT_ID] : []),
      ];
      return disco({ category: 'conference', type: 'text' }, features);
    }
    if (namespace === NS_MAM) {
      // As Prosody: whoever may enter may read.
      const own = room.affiliationOf(connection.jid);
      const isOut = own === 'outcast' || (own === 'none' && room.config.membership === 'members-only');
      if (isOut) throw new StanzaError({ condition: 'forbidden', type: 'auth' });
      return answerQuery(room, connection, child);
    }
  } else if (account !== undefined) {
    if (namespace === NS_PUBSUB || namespace === NS_PUBSUB_OWNER) {
      return answerPubsub({ realm, account, from: connection.jid, type }, child);
    }
    if (namespace === NS_DISCO_INFO) return disco({ category: 'pubsub', type: 'pep' }, pepFeatures(realm));
    if (to === connection.bareJid && namespace === NS_MAM) return answerQuery(account, connection, child);
    if (to === connection.bareJid && namespace === NS_CARBONS) {
      connection.carbons = child.getName() === 'enable' ? 'on' : 'off';
      return undefined;
    }
  }
  if (to === domainOf(connection.bareJid) && namespace === NS_DISCO_INFO) {
    return disco({ category: 'server', type: 'im' }, [NS_DISCO_INFO, NS_CARBONS, NS_PING]);
  }
  throw new StanzaError({ condition: isRoomJid(to) ? 'item-not-found' : 'service-unavailable' });
}

function answerQuery(owner: Parameters<typeof queryArchive>[0], connection: Connection, query: Element): Element {
  const { results, fin } = queryArchive(owner, query, connection.jid);
  for (const result of results) connection.deliver(result);
  return fin;
}

function disco(identity: Record<string, string>, features: readonly string[]): Element {
  const listed = features.map((feature) => xml('feature', { var: feature }));
  return xml('query', { xmlns: NS_DISCO_INFO }, xml('identity', identity), ...listed);
}

function pepFeatures({ quirks }: Realm): string[] {
  const names = ['publish', 'publish-options', 'persistent-items', 'multi-items', 'item-ids', 'retrieve-items'];
  if (!quirks.refusesMax && !quirks.refusesMaxItemsInPublishOptions) names.push('config-node-max');
  return [...names.map((name) => `${NS_PUBSUB}#${name}`), NS_MAM];
}
