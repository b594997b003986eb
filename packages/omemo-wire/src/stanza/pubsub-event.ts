import type { Element } from 'ltx';
import { type BareJid, bareJid } from '../address/bare-jid.ts';
import { WireError } from '../wire-error.ts';
import {
  attributeOf,
  childElements,
  isElement,
  localName,
  namespaceOf,
  optionalChild,
  requiredAttribute,
} from '../xml/read-element.ts';
import { isClientStanza } from './stanza-kind.ts';

const NS_EVENT = 'http://jabber.org/protocol/pubsub#event';

/** An item of a pubsub event. */
export interface EventItem {
  /** Item id; a server may leave it out. */
  readonly id?: string;
  /** The first child element; undefined in a notification without payload. */
  readonly payload?: Element;
}

/** A `<message/>` with news of a pubsub node (XEP-0060 7.1.2.1, XEP-0163). */
export interface PubsubEvent {
  /** Who sent it, the owner of the node with PEP; undefined when the stanza has no `from`: the own account. */
  readonly from?: BareJid;
  readonly node: string;
  /** `items`: published or retracted; `purge`: all items are gone; `delete`: the node is gone. */
  readonly action: 'items' | 'purge' | 'delete';
  readonly items: readonly EventItem[];
  /** Ids of retracted items. */
  readonly retracted: readonly string[];
}

/**
 * Reads a pubsub event; undefined when the stanza holds none that tells about items. A list belongs to the bare JID in
 * `from` and to nobody else; whether that is somebody to listen to is for the caller (S49). Throws a `WireError`, such as
 * `invalid-jid` for a sender with a resource: PEP events come from the account.
 */
export function parsePubsubEvent(stanza: Element): PubsubEvent | undefined {
  // An error echoes what was sent to its sender: that is no event.
  if (!isElement(stanza) || !isClientStanza(stanza, 'message') || attributeOf(stanza, 'type') === 'error')
    return undefined;
  const event = optionalChild(stanza, { name: 'event', namespace: NS_EVENT });
  if (event === undefined) return undefined;
  const actions = childElements(event).filter(
    (child) => namespaceOf(child) === NS_EVENT && actionOf(child) !== undefined,
  );
  const [element, second] = actions;
  if (element === undefined) return undefined;
  if (second !== undefined) {
    throw new WireError('repeated-element', 'an event tells of two things', { details: { in: 'event' } });
  }
  const from = attributeOf(stanza, 'from');
  const children = childElements(element).filter((child) => namespaceOf(child) === NS_EVENT);
  return {
    ...(from === undefined ? {} : { from: bareJid(from) }),
    node: requiredAttribute(element, 'node'),
    action: actionOf(element) ?? 'items',
    items: children.filter((child) => localName(child) === 'item').map(readItem),
    retracted: children
      .filter((child) => localName(child) === 'retract')
      .map((child) => requiredAttribute(child, 'id')),
  };
}

function actionOf(element: Element): PubsubEvent['action'] | undefined {
  const name = localName(element);
  return name === 'items' || name === 'purge' || name === 'delete' ? name : undefined;
}

function readItem(item: Element): EventItem {
  const id = attributeOf(item, 'id');
  const [payload] = childElements(item);
  return { ...(id === undefined ? {} : { id }), ...(payload === undefined ? {} : { payload }) };
}
