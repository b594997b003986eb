import type { Element } from 'ltx';
import { bareJidOf } from '../address/bare-jid.ts';
import { limitOf, type WireLimits } from '../limits.ts';
import { NS_SCE } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import { copyElement } from '../xml/copy-element.ts';
import { appendElement, createElement } from '../xml/element.ts';
import { isElement, namespaceOf } from '../xml/read-element.ts';
import { serializeXml } from '../xml/serialize-xml.ts';
import { standAlone } from '../xml/stand-alone.ts';
import { formatDateTime } from './date-time.ts';
import { isForbiddenContent } from './forbidden-content.ts';

export interface EnvelopeToSeal {
  /** Extension elements to be kept from servers. They are copied, with the namespaces they are in. */
  readonly content: readonly Element[];
  /** Sender; XEP-0384 5.5.1 says SHOULD. */
  readonly from?: string | undefined;
  /** Recipient or room; required in rooms (5.5.1). */
  readonly to?: string | undefined;
  readonly time?: Date | undefined;
  /** Text of `<rpad/>`: random characters of a random number, 0 to 200 (XEP-0420). */
  readonly padding: string;
}

/**
 * Writes an SCE envelope as UTF-8, which is the plain text of a message (XEP-0384 5.5.2, R80). The padding goes into
 * `<rpad/>`, which is what XEP-0420 defines and every client writes; the `<rpads/>` in the text of XEP-0384 is a slip
 * (X01). Throws `forbidden-element` for content that XEP-0420 keeps outside, `invalid-jid`, `invalid-time`,
 * `invalid-character`, `too-large`, and `invalid-argument` for content without a namespace.
 */
export function serializeEnvelope(
  { content, from, to, time, padding }: EnvelopeToSeal,
  overrides?: Partial<WireLimits>,
): Uint8Array {
  const envelope = createElement('envelope', { xmlns: NS_SCE });
  const inside = appendElement(envelope, 'content');
  const depthLimit = limitOf('xmlDepth', overrides);
  for (const element of content) inside.cnode(standAlone(copyElement(checkedContent(element), depthLimit)));
  if (time !== undefined) appendElement(envelope, 'time', { stamp: formatDateTime(time) });
  if (to !== undefined) appendElement(envelope, 'to', { jid: checkedJid(to) });
  if (from !== undefined) appendElement(envelope, 'from', { jid: checkedJid(from) });
  const rpad = appendElement(envelope, 'rpad');
  if (padding !== '') rpad.children.push(padding);
  const text = serializeXml(envelope, overrides);
  const bytes = new TextEncoder().encode(text);
  const limit = limitOf('payloadBytes', overrides);
  if (bytes.length > limit) {
    throw new WireError('too-large', `the envelope has more than ${limit} bytes`, {
      details: { in: 'envelope', limit, actual: bytes.length },
    });
  }
  return bytes;
}

function checkedContent(element: Element): Element {
  if (!isElement(element)) throw new WireError('invalid-argument', 'content must be elements');
  // "MUST be identified using an element name and namespace" (XEP-0420): a body is not what stands in no namespace.
  if (!namespaceOf(element)) throw new WireError('invalid-argument', 'a content element has no namespace');
  if (!isForbiddenContent(element)) return element;
  throw new WireError('forbidden-element', 'an element must stay outside the envelope', { details: { in: 'content' } });
}

function checkedJid(jid: string): string {
  bareJidOf(jid);
  return jid;
}
