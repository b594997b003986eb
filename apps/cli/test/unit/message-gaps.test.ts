import { expect, test } from 'vitest';
import { MessageGaps } from '../../src/demo/message-gaps.ts';

function place(chain: string, number: number, previousChainLength = 0) {
  return { chain, number, previousChainLength };
}

const whole = { missing: 0, order: 'in-order' };

test('counts what is missing between two messages', () => {
  const gaps = new MessageGaps();
  expect(gaps.note(place('a', 0))).toEqual(whole);
  expect(gaps.note(place('a', 3))).toEqual({ missing: 2, order: 'in-order' });
  expect(gaps.note(place('a', 4))).toEqual(whole);
});

test('tells a late message from a gap', () => {
  const gaps = new MessageGaps();
  expect(gaps.note(place('a', 1))).toEqual({ missing: 1, order: 'in-order' });
  expect(gaps.note(place('a', 0))).toEqual({ missing: 0, order: 'late' });
  expect(gaps.note(place('a', 2))).toEqual(whole);
});

test('finds the end of the chain before, and the beginning of the new one', () => {
  const gaps = new MessageGaps();
  gaps.note(place('a', 0));
  expect(gaps.note(place('b', 1, 3))).toEqual({ missing: 3, order: 'in-order' });
  expect(gaps.note(place('a', 2, 0))).toEqual({ missing: 0, order: 'late' });
  expect(gaps.note(place('b', 2, 3))).toEqual(whole);
});
