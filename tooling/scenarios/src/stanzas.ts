import { NS_OMEMO } from '@omemo-kit/omemo-wire';
import { Element, parse } from 'ltx';

export function body(text: string): Element {
  return new Element('body', { xmlns: 'jabber:client' }).t(text);
}

/** A copy that shares nothing with the original. */
export function copyOf(element: Element): Element {
  return parse(element.toString());
}

/** The `<encrypted/>` of a stanza, of one inside a carbon copy too. */
export function encryptedIn(stanza: Element): Element | undefined {
  const own = stanza.getChild('encrypted', NS_OMEMO);
  if (own !== undefined) return own;
  for (const child of stanza.getChildElements()) {
    const found = encryptedIn(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The `<key>` elements of an `<encrypted/>`, or only those for one device. */
export function keyElements(encrypted: Element, rid?: number): Element[] {
  const header = encrypted.getChild('header', NS_OMEMO);
  return (header?.getChildren('keys', NS_OMEMO) ?? [])
    .flatMap((keys) => keys.getChildren('key', NS_OMEMO))
    .filter((key) => rid === undefined || key.attrs['rid'] === String(rid));
}

export function setText(element: Element | undefined, text: string): void {
  element?.children.splice(0);
  element?.t(text);
}

/** A message stanza as the server would deliver it. */
export function incoming(
  from: string,
  to: string,
  encrypted: Element,
  attributes: Record<string, string> = {},
): Element {
  const stanza = new Element('message', { xmlns: 'jabber:client', type: 'chat', from, to, ...attributes });
  stanza.cnode(copyOf(encrypted));
  return stanza;
}

/** What another client of this account sent or received, as the server copies it (XEP-0280). */
export function carbon(own: string, direction: 'sent' | 'received', message: Element): Element {
  const stanza = new Element('message', { xmlns: 'jabber:client', from: own, to: `${own}/here` });
  const forwarded = stanza
    .c(direction, { xmlns: 'urn:xmpp:carbons:2' })
    .c('forwarded', { xmlns: 'urn:xmpp:forward:0' });
  forwarded.cnode(copyOf(message));
  return stanza;
}

/** A `<devices/>` element. */
export function deviceList(ids: readonly number[]): Element {
  const list = new Element('devices', { xmlns: NS_OMEMO });
  for (const id of ids) list.c('device', { id: String(id) });
  return list;
}

/** A device list event as PEP sends it. */
export function deviceListEvent(from: string, ids: readonly number[]): Element {
  const stanza = new Element('message', { xmlns: 'jabber:client', from, type: 'headline' });
  stanza
    .c('event', { xmlns: 'http://jabber.org/protocol/pubsub#event' })
    .c('items', { node: 'urn:xmpp:omemo:2:devices' })
    .c('item', { id: 'current' })
    .cnode(deviceList(ids));
  return stanza;
}
