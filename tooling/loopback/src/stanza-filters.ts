import type { Element } from 'ltx';
import { NS_PUBSUB, NS_PUBSUB_EVENT } from './namespaces.ts';
import { attribute } from './stanza.ts';

/** Filters for fault rules and the log: an IQ that publishes to this node. */
export function isPublishTo(node: string): (stanza: Element) => boolean {
  return (stanza) =>
    attribute(stanza.getChild('pubsub', NS_PUBSUB)?.getChild('publish'), 'node') === node && isSet(stanza);
}

/** An IQ that asks for items of this node. */
export function isFetchOf(node: string): (stanza: Element) => boolean {
  return (stanza) =>
    attribute(stanza.getChild('pubsub', NS_PUBSUB)?.getChild('items'), 'node') === node &&
    attribute(stanza, 'type') === 'get';
}

/** An answer with items of this node. */
export function isItemsOf(node: string): (stanza: Element) => boolean {
  return (stanza) =>
    attribute(stanza.getChild('pubsub', NS_PUBSUB)?.getChild('items'), 'node') === node &&
    attribute(stanza, 'type') === 'result';
}

/** An event about items of this node. */
export function isEventOf(node: string): (stanza: Element) => boolean {
  return (stanza) => attribute(stanza.getChild('event', NS_PUBSUB_EVENT)?.getChild('items'), 'node') === node;
}

function isSet(stanza: Element): boolean {
  return attribute(stanza, 'type') === 'set';
}
