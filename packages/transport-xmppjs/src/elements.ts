import { copyElement, type ElementLike } from '@omemo-kit/transport-stanzas';
import xml from '@xmpp/xml';
import type { Element } from 'ltx';

/** An element of xmpp.js, which has a copy of ltx of its own, as one of this library. */
export function fromXmpp(element: ElementLike): Element {
  return copyElement(element);
}

/**
 * The same for xmpp.js, which asks whether an element is of its own class. From `@xmpp/xml`, which is in every client of it: the client's own
 * package cannot be bundled for a browser as it is (it reaches for `node:dns`), and what bundles it is the application's business.
 */
export function toXmpp(element: Element): Element {
  return copyElement(element, (name, attributes) => xml(name, attributes));
}
