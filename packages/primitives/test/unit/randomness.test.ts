import { afterEach, describe, expect, test, vi } from 'vitest';
import { randomBytes, randomInteger } from '../../src/randomness.ts';
import { codeOf } from '../support/errors.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Answers draws with these 32-bit words, big-endian, one call each. */
function draws(...words: number[]) {
  return vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const word = words.shift();
    if (word === undefined) throw new Error('more draws than expected');
    new DataView((array as unknown as Uint8Array).buffer).setUint32(0, word);
    return array;
  });
}

/** Pearson's statistic against equal frequencies. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('randomBytes', () => {
  test('has the length asked for, past what the system fills in one call', () => {
    for (const length of [0, 1, 32, 65_536, 65_537, 200_001]) expect(randomBytes(length)).toHaveLength(length);
    const long = randomBytes(200_001);
    for (const start of [0, 65_536, 131_072, 196_608]) {
      expect(long.subarray(start, start + 64).some((byte) => byte !== 0)).toBe(true);
    }
    expect(long.subarray(-16).some((byte) => byte !== 0)).toBe(true);
  });

  test('every bit is set about half of the time', () => {
    const counts = new Array<number>(256).fill(0);
    for (const byte of randomBytes(256 * 400)) counts[byte] = (counts[byte] as number) + 1;
    // 255 degrees of freedom: above 430 once in 10^10 runs.
    expect(chiSquare(counts)).toBeLessThan(430);
  });

  test('refuses what is no length, and an engine without a CSPRNG', () => {
    for (const length of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '8' as never]) {
      expect(codeOf(() => randomBytes(length))).toBe('invalid-argument');
    }
    vi.stubGlobal('crypto', undefined);
    expect(codeOf(() => randomBytes(8))).toBe('unavailable');
    vi.stubGlobal('crypto', {});
    expect(codeOf(() => randomBytes(8))).toBe('unavailable');
  });
});

describe('randomInteger', () => {
  test('draws again at or above the largest multiple of the bound', () => {
    // 2^32 = 10 * 429496729 + 6
    const spy = draws(0xffff_ffff, 4_294_967_290, 4_294_967_289);
    expect(randomInteger(10)).toBe(9);
    expect(spy).toHaveBeenCalledTimes(3);
  });

  test('uses every word for a power of two', () => {
    draws(0xffff_ffff, 0, 0xffff_ffff, 0x8000_0001);
    expect([randomInteger(2), randomInteger(2 ** 32), randomInteger(2 ** 32), randomInteger(2 ** 31)]).toEqual([
      1, 0, 0xffff_ffff, 1,
    ]);
  });

  test('is uniform below 10', () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) {
      const value = randomInteger(10);
      counts[value] = (counts[value] as number) + 1;
    }
    expect(counts).toHaveLength(10);
    // 9 degrees of freedom: above 65 once in 10^10 runs.
    expect(chiSquare(counts)).toBeLessThan(65);
  });

  test('is uniform where taking the remainder would be twice as likely to hit the first third', () => {
    const below = 3 * 2 ** 30;
    const thirds = [0, 0, 0];
    for (let i = 0; i < 6_000; i++) {
      const third = Math.floor(randomInteger(below) / 2 ** 30);
      thirds[third] = (thirds[third] as number) + 1;
    }
    // 2 degrees of freedom: above 46 once in 10^10 runs; the remainder alone gives about 750.
    expect(chiSquare(thirds)).toBeLessThan(46);
  });

  test('takes bounds from 1 to 2^32', () => {
    expect(randomInteger(1)).toBe(0);
    for (const below of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN, '9' as never]) {
      expect(codeOf(() => randomInteger(below))).toBe('invalid-argument');
    }
  });
});
