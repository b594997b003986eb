import type { Element } from 'ltx';
import type { Connection } from './connection.ts';
import { attribute, copyElement } from './stanza.ts';

/** As somebody sees a resource; nobody sees one that was available without having said so. */
export function showPresence(presence: Element | undefined, receiver: Connection): void {
  if (attribute(presence, 'from') === undefined) return;
  const copy = copyElement(presence!);
  copy.attr('to', receiver.jid);
  receiver.deliver(copy);
}
