import type { Element } from 'ltx';
import { decodeBase64 } from '../base64.ts';
import { parseId } from '../device-id.ts';
import { WireError } from '../wire-error.ts';
import { attributeOf, requiredAttribute, textOf } from './read-element.ts';

/** A required attribute with the id of a device or key. */
export function idAttribute(element: Element, name: string): number {
  return parseId(requiredAttribute(element, name));
}

/** An optional `xs:boolean`, false where absent. Throws `invalid-boolean`. */
export function booleanAttribute(element: Element, name: string): boolean {
  const text = attributeOf(element, name);
  switch (text?.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')) {
    case undefined:
    case 'false':
    case '0':
      return false;
    case 'true':
    case '1':
      return true;
    default:
      throw new WireError('invalid-boolean', 'an attribute is no xs:boolean', { details: { part: name } });
  }
}

/** The base64 text of an element, at most `limit` bytes of it. Throws `invalid-base64`, `too-large`. */
export function base64Content(element: Element, { part, limit }: { part: string; limit: number }): Uint8Array {
  const text = textOf(element);
  const bytes = text.length > longestText(limit) ? undefined : decodeBase64(text);
  if (bytes !== undefined && bytes.length <= limit) return bytes;
  throw new WireError('too-large', `<${part}/> holds more than ${limit} bytes`, { details: { part, limit } });
}

/** The base64 text of an element that must hold exactly `length` bytes. Throws `invalid-base64`, `wrong-length`. */
export function fixedBase64Content(element: Element, { part, length }: { part: string; length: number }): Uint8Array {
  const text = textOf(element);
  const bytes = text.length > longestText(length) ? undefined : decodeBase64(text);
  if (bytes?.length === length) return bytes;
  throw new WireError('wrong-length', `<${part}/> must hold ${length} bytes`, { details: { part, limit: length } });
}

/** White space may be a fair part of a base64 text, but not most of it: this bounds the work before any is done. */
function longestText(bytes: number): number {
  return 8 * Math.ceil(bytes / 3) + 1_024;
}
