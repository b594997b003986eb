import { describe, expect, test } from 'vitest';
import { type Sample, trendOf } from '../../src/soak/verdict.ts';

/** A sample for each 1,000 messages, whose heap is what a function says. */
function run(messages: number, heap: (messages: number) => number): Sample[] {
  return Array.from({ length: messages / 1_000 }, (_, n) => {
    const at = (n + 1) * 1_000;
    return { messages: at, heap: heap(at), resident: 0, database: 4_096, rows: 100 };
  });
}

const MIB = 2 ** 20;

describe('the verdict of a soak', () => {
  test('is flat for what stays as it is, and for what goes up and down', () => {
    expect(
      trendOf(
        run(20_000, () => 20 * MIB),
        'heap',
      ),
    ).toMatchObject({ rise: 0, flat: true });
    expect(
      trendOf(
        run(20_000, (at) => (20 + (at % 3_000) / 2_000) * MIB),
        'heap',
      ).flat,
    ).toBe(true);
    expect(
      trendOf(
        run(20_000, () => 1),
        'rows',
      ),
    ).toMatchObject({ mean: 100, flat: true });
  });

  test('does not mind a steep warm-up', () => {
    expect(
      trendOf(
        run(20_000, (at) => Math.min(at, 6_000) * 1_000),
        'heap',
      ).flat,
    ).toBe(true);
    expect(
      trendOf(
        run(100_000, (at) => Math.min(at, 20_000) * 1_000),
        'heap',
      ).flat,
    ).toBe(true);
  });

  test('is not flat for what grows by 100 bytes a message on a heap of 20 MiB', () => {
    const trend = trendOf(
      run(20_000, (at) => 20 * MIB + at * 100),
      'heap',
    );
    expect(trend.flat).toBe(false);
    expect(trend.rise).toBeCloseTo((14_000 * 100) / trend.mean, 6);
  });

  test('takes a tenth of that for growth in a long run', () => {
    const leak = (at: number) => 20 * MIB + at * 10;
    expect(trendOf(run(20_000, leak), 'heap').flat).toBe(true);
    expect(trendOf(run(1_000_000, leak), 'heap').flat).toBe(false);
  });

  test('is flat for what falls', () => {
    expect(
      trendOf(
        run(20_000, (at) => 40 * MIB - at * 500),
        'heap',
      ).flat,
    ).toBe(true);
  });

  test('refuses to judge by four samples', () => {
    expect(() =>
      trendOf(
        run(4_000, () => 1),
        'heap',
      ),
    ).toThrow(RangeError);
  });
});
