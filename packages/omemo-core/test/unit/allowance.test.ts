import { describe, expect, test } from 'vitest';
import { nextAt, taken } from '../../src/allowance.ts';

const allowance = { count: 10, period: 1_000 };

/** How many can be taken at these times, in turn. */
function takenAt(times: readonly number[], wholeAt = 0): boolean[] {
  let rest = wholeAt;
  return times.map((now) => {
    const after = taken(rest, allowance, now);
    if (after !== undefined) rest = after;
    return after !== undefined;
  });
}

describe('an allowance', () => {
  test('is spent at once after a rest, and comes back evenly', () => {
    const at = (now: number, count: number) => Array.from({ length: count }, () => now);
    expect(takenAt(at(5_000, 12))).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
    expect(takenAt([...at(5_000, 10), 5_099, 5_100, 5_100, 5_200]).slice(10)).toEqual([false, true, false, true]);
    expect(takenAt([...at(5_000, 10), ...at(6_000, 11)]).filter(Boolean)).toHaveLength(20);
  });

  test('says when there is one more', () => {
    let wholeAt = 0;
    for (let n = 0; n < 10; n++) wholeAt = taken(wholeAt, allowance, 5_000)!;
    expect(nextAt(wholeAt, allowance)).toBe(5_100);
    expect(taken(wholeAt, allowance, 5_099)).toBeUndefined();
    expect(taken(wholeAt, allowance, 5_100)).toBeDefined();
  });

  test('is not used up for years by a clock that was put back, nor whole again by one that differs a little', () => {
    let wholeAt = 0;
    for (let n = 0; n < 10; n++) wholeAt = taken(wholeAt, allowance, 9_000_000)!;
    expect(taken(wholeAt, allowance, 5_000)).toBe(5_100);
    expect(taken(wholeAt, allowance, 9_000_000 - 50)).toBeUndefined();
  });
});
