import { PrimitivesError } from './primitives-error.ts';

/** What `getRandomValues` fills at most in one call (Web Cryptography API 10.1.1). */
const QUOTA = 65_536;
const WORD = 0x1_0000_0000;

interface RandomSource {
  getRandomValues(array: Uint8Array): unknown;
}

export function randomBytes(length: number): Uint8Array {
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new PrimitivesError('invalid-argument', 'a number of bytes is a non-negative integer', {
      details: { length },
    });
  }
  const source = (globalThis as { crypto?: RandomSource }).crypto;
  if (typeof source?.getRandomValues !== 'function') {
    throw new PrimitivesError('unavailable', 'there is no crypto.getRandomValues here');
  }
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += QUOTA) source.getRandomValues(bytes.subarray(i, i + QUOTA));
  return bytes;
}

export function randomInteger(below: number): number {
  if (!Number.isInteger(below) || below < 1 || below > WORD) {
    throw new PrimitivesError('invalid-argument', 'the bound is an integer from 1 to 2^32', { details: { below } });
  }
  // Words at or above the largest multiple of the bound would favour small numbers: draw again.
  const limit = WORD - (WORD % below);
  for (;;) {
    const word = new DataView(randomBytes(4).buffer).getUint32(0);
    if (word < limit) return word % below;
  }
}
