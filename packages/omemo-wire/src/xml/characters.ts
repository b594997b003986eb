import { WireError } from '../wire-error.ts';

/** Anything but a `Char` of XML 1.0 (production 2). In Unicode mode this finds unpaired surrogates too. */
const NOT_A_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Whether XML can carry the text: no control characters but tab and line ends, no unpaired surrogates. */
export function isXmlText(text: string): boolean {
  return !NOT_A_CHARACTER.test(text);
}

const NAME_START =
  'A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F' +
  '\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NC_NAME = `[${NAME_START}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${NAME_START}]{0,255}`;

/** A `QName` (Namespaces in XML 1.0, production 7), to be matched at `lastIndex`. */
export const qualifiedName = new RegExp(`${NC_NAME}(?::${NC_NAME})?`, 'uy');

const WHOLE_NAME = new RegExp(`^${NC_NAME}(?::${NC_NAME})?$`, 'u');

export function isQualifiedName(text: string): boolean {
  return WHOLE_NAME.test(text);
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const REFERENCE = /&(?:([a-z]{2,4})|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));/y;

/**
 * Replaces references. Only the five entities every XML parser knows and characters by number; any other ampersand is
 * `malformed-xml`, so nothing can expand (S43). `offset` is where the text stands, for the error.
 */
export function decodeReferences(text: string, offset: number): string {
  let decoded = '';
  let position = 0;
  // The first bad ampersand ends it, however many follow.
  for (let start = text.indexOf('&'); start >= 0; start = text.indexOf('&', position)) {
    REFERENCE.lastIndex = start;
    const [whole = '', name, decimal, hexadecimal] = REFERENCE.exec(text) ?? [];
    const character = name === undefined ? byNumber(decimal, hexadecimal) : NAMED.get(name);
    if (character === undefined) {
      throw new WireError('malformed-xml', 'there is an unknown reference', { details: { offset: offset + start } });
    }
    decoded += text.slice(position, start) + character;
    position = start + whole.length;
  }
  return position === 0 ? text : decoded + text.slice(position);
}

function byNumber(decimal: string | undefined, hexadecimal: string | undefined): string | undefined {
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10);
  if (!(code <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(code);
  return isXmlText(character) ? character : undefined;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Text between tags. A carriage return would be read as a line feed, so it goes by number. */
export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, escapeOne);
}

/** An attribute value. Tabs and line ends would be read as spaces, so they go by number. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, escapeOne);
}

function escapeOne(character: string): string {
  return ESCAPED.get(character) ?? `&#${character.charCodeAt(0)};`;
}
