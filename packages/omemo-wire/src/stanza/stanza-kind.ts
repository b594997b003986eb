import type { Element } from 'ltx';
import { localName, namespaceOf } from '../xml/read-element.ts';

export const NS_CLIENT = 'jabber:client';

/** Whether this is such a stanza of a client's stream. Libraries may leave the namespace to the stream around it. */
export function isClientStanza(element: Element, name: string): boolean {
  if (localName(element) !== name) return false;
  const namespace = namespaceOf(element);
  return namespace === undefined || namespace === NS_CLIENT;
}
