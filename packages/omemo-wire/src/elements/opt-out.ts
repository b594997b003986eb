import type { Element } from 'ltx';
import { NS_OMEMO } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import { isXmlText } from '../xml/characters.ts';
import { appendText, createElement } from '../xml/element.ts';
import { expectElement, optionalChild, textOf } from '../xml/read-element.ts';

/** An `<opt-out/>` (XEP-0384 5.7). It means something only inside an envelope from a trusted device. */
export interface OptOut {
  /** Text for the user, as the peer wrote it. */
  readonly reason?: string | undefined;
}

/** Reads an `<opt-out/>` element. Throws a `WireError`. */
export function parseOptOut(element: Element): OptOut {
  expectElement(element, { name: 'opt-out', namespace: NS_OMEMO });
  const reason = optionalChild(element, { name: 'reason', namespace: NS_OMEMO });
  return reason === undefined ? {} : { reason: textOf(reason) };
}

/** Writes an `<opt-out/>` element, to be sent inside an envelope. Throws `invalid-character`. */
export function serializeOptOut({ reason }: OptOut = {}): Element {
  const element = createElement('opt-out', { xmlns: NS_OMEMO });
  if (reason === undefined) return element;
  if (!isXmlText(reason)) {
    throw new WireError('invalid-character', 'the reason holds a character that XML cannot carry', {
      details: { in: 'opt-out', part: 'reason' },
    });
  }
  appendText(element, 'reason', { text: reason });
  return element;
}
