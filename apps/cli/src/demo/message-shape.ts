import type { Element } from 'ltx';

/** Attributes that elements of an encrypted message have, wrapped in a carbon copy or not. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  message: ['xmlns', 'from', 'to', 'type', 'id'],
  encrypted: ['xmlns'],
  header: ['sid'],
  keys: ['jid'],
  key: ['rid', 'kex'],
  payload: [],
  store: ['xmlns'],
  'stanza-id': ['xmlns', 'by', 'id'],
  sent: ['xmlns'],
  received: ['xmlns'],
  forwarded: ['xmlns'],
};

/** What an attribute may say: addresses, numbers, names of the protocol. Ids are the sender's own. */
const VALUES: Readonly<Record<string, RegExp>> = {
  xmlns: /^(jabber:client|urn:xmpp:(omemo:2|hints|sid:0|carbons:2|forward:0))$/,
  from: /^(alice@example\.org|bob@example\.net)(\/[a-z]+)?$/,
  to: /^(alice@example\.org|bob@example\.net)(\/[a-z]+)?$/,
  jid: /^(alice@example\.org|bob@example\.net)$/,
  by: /^(alice@example\.org|bob@example\.net)$/,
  type: /^chat$/,
  id: /^[\w-]{1,64}$/,
  sid: /^\d{1,10}$/,
  rid: /^\d{1,10}$/,
  kex: /^(true|1)$/,
};

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * What a message holds besides addresses, ids and sealed bytes; undefined when there is nothing else. So a text of any
 * length, even one letter, is known not to stand in it.
 */
export function oddityIn(element: Element): string | undefined {
  const name = element.getName();
  const allowed = ATTRIBUTES[name];
  if (allowed === undefined) return `<${name}/>`;
  for (const [attribute, value] of Object.entries(element.attrs)) {
    if (value === undefined) continue;
    if (!allowed.includes(attribute) || VALUES[attribute]?.test(String(value)) !== true) return `${name} ${attribute}`;
  }
  const text = element.getText();
  const sealed = name === 'key' || name === 'payload';
  if (sealed ? !BASE64.test(text) : text !== '') return `text in <${name}/>`;
  for (const child of element.getChildElements()) {
    const oddity = oddityIn(child);
    if (oddity !== undefined) return oddity;
  }
  return undefined;
}
