import { describe, expect, test } from 'vitest';
import { judge, verdictText } from '../../src/report/verdict.ts';

const spread = (from: number, to: number) => ({ lower: 0, upper: 9, median: 5, medianWithin: [from, to] }) as const;

describe('at most', () => {
  const bound = { atMost: 1.25 };

  test.each([
    [spread(1.1, 1.25), 'reached'],
    [spread(1.2, 1.26), 'undecided'],
    [spread(1.25, 1.4), 'undecided'],
    [spread(1.26, 1.4), 'not reached'],
    [undefined, 'not measured'],
  ])('%o is %s', (ratio, verdict) => expect(judge(ratio, bound)).toBe(verdict));
});

describe('at least', () => {
  const bound = { atLeast: 3 };

  test.each([
    [spread(3, 4), 'reached'],
    [spread(2.9, 4), 'undecided'],
    [spread(2, 3), 'undecided'],
    [spread(2, 2.9), 'not reached'],
    [undefined, 'not measured'],
  ])('%o is %s', (ratio, verdict) => expect(judge(ratio, bound)).toBe(verdict));
});

test('the text names the goal, whatever the verdict', () => {
  expect(verdictText(spread(1, 1.1), { atMost: 1.25 }, 'L')).toBe('reached: <= 1.25 x L');
  expect(verdictText(spread(1, 2), { atLeast: 3 }, 'ours')).toBe('NOT REACHED: >= 3 x ours');
  expect(verdictText(undefined, { atLeast: 3 }, 'ours')).toBe('not measured: >= 3 x ours');
});
