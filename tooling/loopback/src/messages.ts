import type { Element } from 'ltx';
import type { Account, OfflineMessage } from './account.ts';
import { archiveMessage } from './archive.ts';
import type { Connection } from './connection.ts';
import { bareOf, domainOf, normalizeJid, resourceOf } from './jid.ts';
import { NS_CARBONS, NS_DELAY, NS_FORWARD, NS_HINTS } from './namespaces.ts';
import type { Realm } from './realm.ts';
import { addressOf, attribute, copyElement, StanzaError, typeOf, xml } from './stanza.ts';

/** A message of an account's resource to an account: archives, copies and delivers it (RFC 6121 8.5, XEP-0280). */
export function routeMessage(realm: Realm, sender: Connection, message: Element): void {
  const to = addressOf(message);
  const recipient = realm.accounts.get(bareOf(to));
  const kept = archiveMessage(realm, realm.accounts.get(sender.bareJid), message);
  if (isCopied(message) && bareOf(to) !== sender.bareJid) {
    for (const connection of othersOf(realm, sender)) sendCarbon(connection, 'sent', kept);
  }
  if (recipient === undefined || (typeOf(message) === 'groupchat' && resourceOf(to) === undefined)) {
    throw new StanzaError({ condition: 'service-unavailable' });
  }
  deliverMessage(realm, recipient, message);
}

/** Brings a message to the resources it is for, copies it to the others, or keeps it until there is one. */
export function deliverMessage(realm: Realm, recipient: Account, message: Element): void {
  const shown = copyElement(message);
  for (const marker of shown.getChildren('private', NS_CARBONS)) shown.remove(marker);
  // A message to oneself is in the archive as it was sent.
  const isOwn = bareOf(attribute(message, 'from') ?? '') === recipient.bareJid;
  const kept = archiveMessage(realm, recipient, shown, isOwn ? 'again' : 'first');
  const addressed = recipient.connections.get(normalizeJid(addressOf(message)));
  const online = recipient.available;
  const type = typeOf(message);
  // RFC 6121 8.5.3.2: to a resource that is gone, only chat and normal messages go the way of those to the bare JID.
  const isStray = resourceOf(addressOf(message)) !== undefined && addressed === undefined;
  if (isStray && type !== 'chat' && type !== 'normal') return;
  const receivers = addressed === undefined ? online : [addressed];
  // An error that answers nothing here is for nobody (8.5.2.1.1).
  if (type !== 'error' || addressed !== undefined)
    deliverTo(recipient, receivers, { stanza: kept, stamp: realm.now() });
  if (isOwn || !isCopied(message)) return;
  const copied = [...recipient.connections.values()].filter(
    (connection) => !receivers.includes(connection) && connection.carbons === 'on',
  );
  for (const connection of copied) sendCarbon(connection, 'received', kept);
}

/** Hands over what was kept while the account had no resource online, stamped with when that was (XEP-0203). */
export function deliverOffline(account: Account, connection: Connection): void {
  for (const { stanza, stamp } of account.offline.splice(0)) {
    const delayed = copyElement(stanza);
    const from = domainOf(account.bareJid);
    delayed.append(xml('delay', { xmlns: NS_DELAY, from, stamp: stamp.toISOString() }));
    connection.deliver(delayed, () => deliverTo(account, account.available, { stanza, stamp }));
  }
}

/** When the last of the resources has gone before it arrived, it is tried with those that are there by then, or kept. */
function deliverTo(account: Account, connections: Iterable<Connection>, message: OfflineMessage): void {
  const receivers = [...connections];
  let missed = 0;
  const miss = (): void => {
    if (++missed === receivers.length) deliverTo(account, account.available, message);
  };
  for (const connection of receivers) connection.deliver(message.stanza, miss);
  if (receivers.length === 0 && isKept(message.stanza)) account.offline.push(message);
}

function isKept(stanza: Element): boolean {
  const type = typeOf(stanza);
  return (type === 'chat' || type === 'normal') && stanza.getChild('no-store', NS_HINTS) === undefined;
}

function isCopied(message: Element): boolean {
  const type = typeOf(message);
  if (type !== 'chat' && type !== 'normal') return false;
  return message.getChild('private', NS_CARBONS) === undefined && message.getChild('no-copy', NS_HINTS) === undefined;
}

function othersOf(realm: Realm, sender: Connection): Connection[] {
  const own = realm.accounts.get(sender.bareJid)?.connections.values() ?? [];
  return [...own].filter((connection) => connection !== sender && connection.carbons === 'on');
}

function sendCarbon(connection: Connection, direction: 'sent' | 'received', message: Element): void {
  const forwarded = copyElement(message);
  forwarded.attr('xmlns', 'jabber:client');
  const carbon = xml(direction, { xmlns: NS_CARBONS }, xml('forwarded', { xmlns: NS_FORWARD }, forwarded));
  const { type } = message.attrs;
  connection.deliver(xml('message', { type, from: connection.bareJid, to: connection.jid }, carbon));
}
