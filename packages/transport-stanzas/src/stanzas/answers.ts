import type { Element } from 'ltx';
import { NS_STANZAS } from '../namespaces.ts';
import { attribute, xml } from './element.ts';

/** The answer of type result to an IQ (RFC 6120 8.2.3). */
export function resultOf(iq: Element, ...payload: readonly Element[]): Element {
  return xml('iq', { type: 'result', id: attribute(iq, 'id'), to: attribute(iq, 'from') }, ...payload);
}

/** The answer of type error to an IQ, with a defined condition of RFC 6120 8.3.3. */
export function errorOf(
  iq: Element,
  condition: string,
  type: 'auth' | 'cancel' | 'modify' | 'wait' = 'cancel',
): Element {
  const error = xml('error', { type }, xml(condition, { xmlns: NS_STANZAS }));
  return xml('iq', { type: 'error', id: attribute(iq, 'id'), to: attribute(iq, 'from') }, error);
}
