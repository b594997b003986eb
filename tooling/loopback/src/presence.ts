import type { Element } from 'ltx';
import type { Account } from './account.ts';
import { noteCapabilities } from './capabilities.ts';
import type { Connection } from './connection.ts';
import { bareOf, normalizeJid, resourceOf } from './jid.ts';
import { deliverOffline } from './messages.ts';
import type { Realm } from './realm.ts';
import { showPresence } from './show-presence.ts';
import { addressOf, attribute, copyElement, xml } from './stanza.ts';
import { changeSubscription, isSubscription } from './subscriptions.ts';

/** Presence for all who are subscribed, for one of them, or about a subscription (RFC 6121 3 and 4). */
export function receivePresence(realm: Realm, connection: Connection, presence: Element): void {
  const account = realm.accounts.get(connection.bareJid)!;
  const to = addressOf(presence);
  const type = attribute(presence, 'type');
  if (isSubscription(type)) changeSubscription(realm, account, { other: bareOf(to), type });
  else if (to !== account.bareJid) deliverPresence(realm, presence, to);
  else if (type === 'unavailable') {
    announceGone(realm, connection);
    connection.presence = undefined;
  } else if (type === undefined) announce(realm, account, connection, presence);
}

/** Tells all who saw a resource that it is gone (RFC 6121 4.5). */
export function announceGone(realm: Realm, connection: Connection): void {
  const account = realm.accounts.get(connection.bareJid);
  // Nobody saw one that was available without having said so.
  if (account === undefined || connection.presence?.attrs['from'] === undefined) return;
  broadcast(realm, account, xml('presence', { type: 'unavailable', from: connection.jid }));
}

function announce(realm: Realm, account: Account, connection: Connection, presence: Element): void {
  const isFirst = connection.presence === undefined;
  connection.presence = copyElement(presence);
  broadcast(realm, account, presence);
  if (isFirst) {
    for (const asking of account.asking) {
      connection.deliver(xml('presence', { type: 'subscribe', from: asking, to: account.bareJid }));
    }
    showOthers(realm, account, connection);
    deliverOffline(account, connection);
  }
  noteCapabilities(realm, connection, presence);
}

/** What a probe would bring: the presence of other own resources and of those that the account is subscribed to. */
function showOthers(realm: Realm, account: Account, connection: Connection): void {
  for (const other of realm.accounts.values()) {
    if (other !== account && !other.contacts.has(account.bareJid)) continue;
    for (const resource of other.available) {
      if (resource !== connection) showPresence(resource.presence, connection);
    }
  }
}

function broadcast(realm: Realm, account: Account, presence: Element): void {
  for (const bareJid of [account.bareJid, ...account.contacts]) {
    for (const resource of realm.accounts.get(bareJid)?.available ?? []) showPresence(presence, resource);
  }
}

function deliverPresence(realm: Realm, presence: Element, to: string): void {
  const recipient = realm.accounts.get(bareOf(to));
  const one = recipient?.connections.get(normalizeJid(to));
  const receivers = resourceOf(to) === undefined ? (recipient?.available ?? []) : one === undefined ? [] : [one];
  for (const receiver of receivers) receiver.deliver(presence);
}
