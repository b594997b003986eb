import { WireError } from '../wire-error.ts';

/** RFC 7622 3.2 and 3.3. */
const LONGEST_PART = 1_023;

/**
 * Characters that no part of an address may hold and that can be told without the tables of Unicode: controls, white
 * space, what is invisible or steers direction, private use, noncharacters, unpaired surrogates, and old Hangul letters
 * (RFC 8264 9.5, 9.8, 9.13, 9.14).
 */
const FORBIDDEN = new RegExp(
  '[\\u0000-\\u0020\\u007F-\\u00A0\\u00AD\\u034F\\u061C\\u1100-\\u11FF\\u1680\\u17B4\\u17B5\\u180B-\\u180F\\u2000-\\u200F' +
    '\\u2028-\\u202F\\u205F-\\u206F\\u3000\\u3164\\uA960-\\uA97C\\uD7B0-\\uD7FB\\uD800-\\uDFFF\\uE000-\\uF8FF\\uFDD0-\\uFDEF' +
    '\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFFF\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{10FFFF}]',
  'u',
);

/** Full-width and half-width forms, and the ideographic space. */
const WIDE_OR_NARROW = /[\u3000\uFF01-\uFFEE]/g;

/** Mapping may need another round (RFC 8264 section 7 speaks of up to three) before it changes nothing more. */
const ROUNDS = 3;

/** Maps full-width and half-width characters to ordinary ones (RFC 8265 3.3.2). */
function mapWidth(text: string): string {
  return text.replace(WIDE_OR_NARROW, (character) => character.normalize('NFKC'));
}

/** Width, case and normalization (RFC 8265 3.3.2), until they change nothing. */
export function mapPart(text: string): string {
  let mapped = text;
  for (let round = 0; round < ROUNDS; round++) {
    const next = mapWidth(mapped).toLowerCase().normalize('NFC');
    if (next === mapped) return mapped;
    mapped = next;
  }
  throw invalidPart('a JID has no stable form');
}

/** What is checked on both parts after mapping. */
export function checkPart(text: string): void {
  if (text === '') throw invalidPart('a JID has an empty part');
  if (FORBIDDEN.test(text)) throw invalidPart('a JID holds a forbidden character');
  // Ligatures, superscripts and other spellings of other characters are not allowed (RFC 8264 9.17).
  if (text.normalize('NFKC') !== text) throw invalidPart('a JID holds a compatibility character');
  if (utf8Length(text) > LONGEST_PART) throw invalidPart(`a part of a JID has more than ${LONGEST_PART} bytes`);
}

export function invalidPart(message: string): WireError {
  return new WireError('invalid-jid', message);
}

/** Bytes in UTF-8 of a text without unpaired surrogates. */
function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
