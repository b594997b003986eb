import { createElement, NODE_DEVICES, serializeDevices } from '@omemo-kit/omemo-wire';
import type { XmlElement } from './encrypted-xml.ts';

/** A device list without labels. */
export function deviceListOf(deviceIds: readonly number[]): XmlElement {
  return serializeDevices(deviceIds.map((id) => ({ id })));
}

/** The event by which a server pushes it. */
export function deviceListEvent(from: string, deviceIds: readonly number[]): XmlElement {
  const stanza = createElement('message', { xmlns: 'jabber:client', from, type: 'headline' });
  const items = stanza
    .c('event', { xmlns: 'http://jabber.org/protocol/pubsub#event' })
    .c('items', { node: NODE_DEVICES });
  items.c('item', { id: 'current' }).cnode(deviceListOf(deviceIds));
  return stanza;
}
