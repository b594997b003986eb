import { hmacSha256, type Secret } from '@omemo-kit/primitives';

/**
 * Where the header lies. Its first segment has a `.`, which no hidden segment has, so it is in nobody's way.
 */
export const HEADER_KEY = 'omemo-kit.encrypted/header';

/**
 * Deeper keys have all further segments hidden as one: a key has 367 characters at most, whatever the store below can index.
 */
const MOST_SEGMENTS = 16;

/** 128 bits: two of 2^32 names meet with a chance of 2^-64, and that would be noticed, not believed. */
const SEGMENT = 16;

const ROOT = new Uint8Array(32);
const encoder = new TextEncoder();

/** Names as the store below sees them. */
export interface HiddenKeys {
  hide(key: string): string;
  /** A prefix of hidden keys that has all records under the real one in it, and where keys are very deep others too. */
  hidePrefix(prefix: string): string;
}

/**
 * Each segment becomes an HMAC of itself and of all segments before it: whole-segment prefixes stay prefixes, and equal names under
 * different parents look different.
 */
export function hiddenKeys(nameKey: Secret): HiddenKeys {
  const hideParts = (parts: readonly string[]): string => {
    let path: Uint8Array = ROOT;
    return parts
      .map((part) => {
        // The path before it has a fixed length, so no two pairs are hashed alike.
        path = hmacSha256(nameKey, path, encoder.encode(part));
        return toBase64Url(path.subarray(0, SEGMENT));
      })
      .join('/');
  };
  return {
    hide: (key) => hideParts(partsOf(key)),
    // The last part of a key that is as deep as can be may be one segment or many: only its parent is a prefix of both.
    hidePrefix: (prefix) => hideParts(partsOf(prefix).slice(0, MOST_SEGMENTS - 1)),
  };
}

function partsOf(key: string): readonly string[] {
  const segments = key.split('/');
  if (segments.length <= MOST_SEGMENTS) return segments;
  return [...segments.slice(0, MOST_SEGMENTS - 1), segments.slice(MOST_SEGMENTS - 1).join('/')];
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** RFC 4648 5, without padding. */
function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff;
    for (held += 8; held >= 6; held -= 6) text += ALPHABET[(bits >> (held - 6)) & 63];
  }
  return held === 0 ? text : text + ALPHABET[(bits << (6 - held)) & 63];
}
