import type { Element } from 'ltx';
import { localName, namespaceOf } from '../xml/read-element.ts';

/** Every element of these namespaces. */
const NAMESPACES: ReadonlySet<string> = new Set([
  // Named by XEP-0420, "Server-processed Elements".
  'urn:xmpp:hints', // XEP-0334
  'http://jabber.org/protocol/address', // XEP-0033
  'urn:xmpp:eme:0', // XEP-0380
  // That list calls itself incomplete. These are added or vouched for by servers, so a copy from a peer is a forgery.
  'urn:xmpp:carbons:2', // XEP-0280
  'urn:xmpp:mam:2', // XEP-0313
  'urn:xmpp:delay', // XEP-0203
  'http://jabber.org/protocol/pubsub#event', // XEP-0060: a device list, say
  'http://jabber.org/protocol/muc#user', // XEP-0045: affiliations
]);

/** Single elements, as `{namespace}name`. */
const ELEMENTS: ReadonlySet<string> = new Set([
  '{urn:xmpp:sid:0}stanza-id', // XEP-0359, named by XEP-0420; an origin-id is allowed
  '{urn:xmpp:sce:1}envelope', // encryption is not nested
  '{urn:xmpp:omemo:2}encrypted',
  '{eu.siacs.conversations.axolotl}encrypted',
]);

/** Whether XEP-0420 forbids this element inside `<content/>` (S39). */
export function isForbiddenContent(element: Element): boolean {
  const namespace = namespaceOf(element) ?? '';
  return NAMESPACES.has(namespace) || ELEMENTS.has(`{${namespace}}${localName(element)}`);
}
