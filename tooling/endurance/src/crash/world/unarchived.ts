import { Element, parse } from 'ltx';

/** The stanza with the hint that keeps it out of archives: nobody asks for them here, and a long run would fill memory. */
export function unarchived(stanza: Element): Element {
  const copy = parse(stanza.toString());
  if (copy.getName() === 'message') copy.cnode(new Element('no-permanent-store', { xmlns: 'urn:xmpp:hints' }));
  return copy;
}
