import type { Element } from 'ltx';
import type { Account } from './account.ts';
import { readForm, writeForm } from './data-form.ts';
import { bareOf, normalizeJid } from './jid.ts';
import { NS_PUBSUB, NS_PUBSUB_ERRORS, NS_PUBSUB_OWNER } from './namespaces.ts';
import { mayRead } from './pep-access.ts';
import { notifyDeleted, notifyPublished, notifyRetracted } from './pep-events.ts';
import { PepNode } from './pep-node.ts';
import type { Realm } from './realm.ts';
import { attribute, copyElement, StanzaError, xml } from './stanza.ts';

/** A pubsub request to an account. */
interface PepRequest {
  readonly realm: Realm;
  readonly account: Account;
  /** Full JID of who asks. */
  readonly from: string;
  readonly type: 'get' | 'set';
}

/** Answers an IQ with `<pubsub/>` of either namespace (XEP-0060, XEP-0163). */
export function answerPubsub(request: PepRequest, pubsub: Element): Element | undefined {
  const [command] = pubsub.getChildElements();
  if (command === undefined) throw new StanzaError({ condition: 'bad-request', type: 'modify' });
  const owned = pubsub.getNS() === NS_PUBSUB_OWNER;
  const verb = `${request.type} ${owned ? 'owner ' : ''}${command.getName()}`;
  if (verb === 'get items') return fetchItems(request, command);
  if (verb === 'set subscribe') return subscribe(request, command);
  if (verb === 'set unsubscribe') return unsubscribe(request, command);
  if (bareOf(request.from) !== request.account.bareJid) throw forbidden();
  if (verb === 'set publish') return publish(request, command, pubsub.getChild('publish-options'));
  if (verb === 'set retract') return retract(request, command);
  if (verb === 'set owner configure') return configure(request, command);
  if (verb === 'get owner configure') return configuration(request, command);
  if (verb === 'set owner delete') return deleteNode(request, command);
  throw new StanzaError({ condition: 'feature-not-implemented' });
}

function fetchItems({ account, from }: PepRequest, items: Element): Element {
  const node = readableNode(account, items, from);
  const asked = items.getChildren('item').map((item) => attribute(item, 'id') ?? '');
  const newest = [...node.items].reverse().filter(([id]) => asked.length === 0 || asked.includes(id));
  const most = Number(attribute(items, 'max_items') ?? newest.length);
  const found = newest.slice(0, most).map(([id, payload]) => xml('item', { id }, copyElement(payload)));
  return xml('pubsub', { xmlns: NS_PUBSUB }, xml('items', { node: node.name }, ...found));
}

function publish({ realm, account, from }: PepRequest, command: Element, options: Element | undefined): Element {
  const { quirks } = realm;
  const name = nodeName(command);
  const item = command.getChild('item');
  const payload = item?.getChildElements()[0];
  if (payload === undefined) {
    const application = { name: 'payload-required', xmlns: NS_PUBSUB_ERRORS };
    throw new StanzaError({ condition: 'bad-request', type: 'modify', application });
  }
  const demanded = readForm(options);
  if (quirks.refusesMaxItemsInPublishOptions && 'pubsub#max_items' in demanded) {
    throw new StanzaError({ condition: 'resource-constraint', type: 'wait', text: "Unknown field 'pubsub#max_items'" });
  }
  refuseMax(realm, demanded);
  let node = account.nodes.get(name);
  if (node === undefined) {
    node = new PepNode(name, quirks.defaultAccessModel);
    if (!quirks.ignoresPublishOptions) node.configure(demanded, quirks.maxItems);
    account.nodes.set(name, node);
  } else if (!quirks.ignoresPublishOptions && node.unmet(demanded, quirks.maxItems).length > 0) {
    const application = { name: 'precondition-not-met', xmlns: NS_PUBSUB_ERRORS };
    throw new StanzaError({ condition: 'conflict', application });
  }
  const id = attribute(item, 'id') ?? realm.nextId();
  node.publish(id, copyElement(payload), quirks.maxItems);
  notifyPublished({ realm, account, node, publisher: from }, id, payload);
  return xml('pubsub', { xmlns: NS_PUBSUB }, xml('publish', { node: name }, xml('item', { id })));
}

function retract({ realm, account, from }: PepRequest, command: Element): undefined {
  const node = ownNode(account, command);
  const ids = command.getChildren('item').map((item) => attribute(item, 'id') ?? '');
  if (ids.length === 0 || ids.some((id) => !node.items.has(id))) throw itemNotFound();
  for (const id of ids) node.items.delete(id);
  notifyRetracted({ realm, account, node, publisher: from }, ids, attribute(command, 'notify') ?? '');
}

function configure({ realm, account }: PepRequest, command: Element): undefined {
  const fields = readForm(command);
  refuseMax(realm, fields);
  ownNode(account, command).configure(fields, realm.quirks.maxItems);
}

function configuration({ account }: PepRequest, command: Element): Element {
  const node = ownNode(account, command);
  const form = writeForm('form', `${NS_PUBSUB}#node_config`, node.options);
  return xml('pubsub', { xmlns: NS_PUBSUB_OWNER }, xml('configure', { node: node.name }, form));
}

function deleteNode({ realm, account, from }: PepRequest, command: Element): undefined {
  const node = ownNode(account, command);
  account.nodes.delete(node.name);
  notifyDeleted({ realm, account, node, publisher: from });
}

function subscribe({ account, from }: PepRequest, command: Element): Element {
  const node = readableNode(account, command, from);
  const jid = subscriber(command, from);
  node.subscribers.add(jid);
  const subscription = xml('subscription', { node: node.name, jid, subscription: 'subscribed' });
  return xml('pubsub', { xmlns: NS_PUBSUB }, subscription);
}

function unsubscribe({ account, from }: PepRequest, command: Element): undefined {
  const node = readableNode(account, command, from);
  if (!node.subscribers.delete(subscriber(command, from))) throw new StanzaError({ condition: 'unexpected-request' });
}

/** Nobody subscribes anybody else (XEP-0060 6.1.3.1). */
function subscriber(command: Element, from: string): string {
  const jid = normalizeJid(attribute(command, 'jid') ?? '');
  if (bareOf(jid) === bareOf(from)) return jid;
  const application = { name: 'invalid-jid', xmlns: NS_PUBSUB_ERRORS };
  throw new StanzaError({ condition: 'bad-request', type: 'modify', application });
}

/** Prosody tells only the owner and contacts that a node is missing; strangers may not know. */
function readableNode(account: Account, command: Element, from: string): PepNode {
  const node = account.nodes.get(nodeName(command));
  const bareJid = bareOf(from);
  if (node !== undefined && mayRead(account, node, bareJid)) return node;
  if (node === undefined && (bareJid === account.bareJid || account.contacts.has(bareJid))) throw itemNotFound();
  throw forbidden();
}

function ownNode(account: Account, command: Element): PepNode {
  const node = account.nodes.get(nodeName(command));
  if (node === undefined) throw itemNotFound();
  return node;
}

function nodeName(command: Element): string {
  const name = attribute(command, 'node');
  if (typeof name === 'string' && name !== '') return name;
  const application = { name: 'nodeid-required', xmlns: NS_PUBSUB_ERRORS };
  throw new StanzaError({ condition: 'bad-request', type: 'modify', application });
}

function refuseMax({ quirks }: Realm, fields: Readonly<Record<string, string>>): void {
  if (quirks.refusesMax && fields['pubsub#max_items'] === 'max') {
    throw new StanzaError({ condition: 'not-acceptable', type: 'modify', text: 'max_items is not a number' });
  }
}

function itemNotFound(): StanzaError {
  return new StanzaError({ condition: 'item-not-found' });
}

function forbidden(): StanzaError {
  return new StanzaError({ condition: 'forbidden', type: 'auth' });
}
