import { TransportError } from '@omemo-kit/omemo-core/ports';
import type { Element } from 'ltx';
import { NS_STANZAS } from '../namespaces.ts';

/** A stanza of type error as TransportError, with its defined and its application-specific condition (RFC 6120 8.3). */
export function transportErrorOf(stanza: Element): TransportError {
  const children = stanza.getChild('error')?.getChildElements() ?? [];
  const defined = children.find((child) => child.getNS() === NS_STANZAS && child.getName() !== 'text');
  const application = children.find((child) => child.getNS() !== NS_STANZAS);
  return new TransportError(defined?.getName() ?? 'undefined-condition', {
    answer: stanza,
    ...(application === undefined ? {} : { applicationCondition: application.getName() }),
  });
}
