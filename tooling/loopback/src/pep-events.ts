import type { Element } from 'ltx';
import type { Account } from './account.ts';
import type { Connection } from './connection.ts';
import { bareOf, resourceOf } from './jid.ts';
import { NS_PUBSUB_EVENT } from './namespaces.ts';
import { mayRead } from './pep-access.ts';
import { isTrue, type PepNode } from './pep-node.ts';
import type { Realm } from './realm.ts';
import { copyElement, xml } from './stanza.ts';

export interface NodeChange {
  readonly realm: Realm;
  readonly account: Account;
  readonly node: PepNode;
  /** Full JID of the resource that made the change. */
  readonly publisher: string;
}

export function notifyPublished(change: NodeChange, id: string, payload: Element): void {
  const { node } = change;
  if (!isTrue(node.options['pubsub#deliver_notifications'])) return;
  const shown = isTrue(node.options['pubsub#deliver_payloads']) ? [copyElement(payload)] : [];
  notify(change, xml('items', { node: node.name }, xml('item', { id }, ...shown)));
}

/** Retractions are told when the node or the one who retracts wants it (XEP-0060 7.2.2.1). */
export function notifyRetracted(change: NodeChange, ids: readonly string[], wanted: string): void {
  const { node } = change;
  if (!isTrue(wanted) && !isTrue(node.options['pubsub#notify_retract'])) return;
  notify(change, xml('items', { node: node.name }, ...ids.map((id) => xml('retract', { id }))));
}

export function notifyDeleted(change: NodeChange): void {
  const { node } = change;
  if (isTrue(node.options['pubsub#notify_delete'])) notify(change, xml('delete', { node: node.name }));
}

/** The last item of every node that a resource wants and may read, as it comes online (XEP-0163 4.3.4). */
export function sendLastItems(realm: Realm, connection: Connection, isNew?: (node: string) => boolean): void {
  const own = realm.accounts.get(connection.bareJid);
  for (const account of own === undefined ? [] : friendsOf(realm, own)) {
    sendLastItemsOf(realm, account, connection, isNew);
  }
}

/** The same of the nodes of one account. */
export function sendLastItemsOf(
  realm: Realm,
  account: Account,
  connection: Connection,
  isNew: (node: string) => boolean = () => true,
): void {
  for (const node of account.nodes.values()) {
    const last = [...node.items].at(-1);
    if (last === undefined || node.options['pubsub#send_last_published_item'] !== 'on_sub_and_presence') continue;
    if (!isNew(node.name) || !wants(connection, node) || !mayRead(account, node, connection.bareJid)) continue;
    const items = xml('items', { node: node.name }, xml('item', { id: last[0] }, copyElement(last[1])));
    push(realm, account.bareJid, connection, items);
  }
}

function notify({ realm, account, node, publisher }: NodeChange, content: Element): void {
  for (const connection of receivers(realm, account, node)) {
    if (connection.jid === publisher && realm.quirks.noEventToPublisher) continue;
    push(realm, account.bareJid, connection, copyElement(content));
  }
}

/** Own resources and contacts' that want the node's events, and those with a subscription of their own. */
function receivers(realm: Realm, account: Account, node: PepNode): Set<Connection> {
  const found = new Set<Connection>();
  for (const friend of friendsOf(realm, account)) {
    if (!mayRead(account, node, friend.bareJid)) continue;
    for (const connection of friend.available) if (wants(connection, node)) found.add(connection);
  }
  for (const jid of node.subscribers) {
    if (!mayRead(account, node, bareOf(jid))) continue;
    for (const connection of realm.accounts.get(bareOf(jid))?.available ?? []) {
      if (resourceOf(jid) === undefined || connection.jid === jid) found.add(connection);
    }
  }
  return found;
}

/** The account and those that it shares presence with in both directions: as Prosody has it, events go to nobody else. */
function friendsOf(realm: Realm, account: Account): Account[] {
  const contacts = [...account.contacts].flatMap((jid) => realm.accounts.get(jid) ?? []);
  return [account, ...contacts.filter((contact) => contact.contacts.has(account.bareJid))];
}

function wants({ notify: wanted }: Connection, node: PepNode): boolean {
  return wanted === 'all' || wanted.includes(node.name);
}

function push(realm: Realm, from: string, connection: Connection, content: Element): void {
  const event = xml('event', { xmlns: NS_PUBSUB_EVENT }, content);
  connection.deliver(xml('message', { type: 'headline', id: realm.nextId(), from, to: connection.jid }, event));
}
