import { expect, test } from 'vitest';
import { Comparison } from '../../src/comparison.ts';
import { Recorded } from '../../src/recorded.ts';

function differences(note: (compare: Comparison) => void): readonly string[] {
  const compare = new Comparison();
  note(compare);
  return compare.differences;
}

test('equal values are no difference', () => {
  const recorded = new Recorded({ key: '0aff', none: null });
  expect(
    differences((compare) => {
      compare.bytes('a', Uint8Array.of(1), Uint8Array.of(1));
      compare.value('b', null, null);
      compare.member(recorded, 'key', Uint8Array.of(10, 255));
      compare.member(recorded, 'none', undefined);
      compare.member(recorded, 'missing', Uint8Array.of(1));
    }),
  ).toEqual([]);
});

test('a difference tells both values', () => {
  const recorded = new Recorded({ key: '0aff' });
  expect(
    differences((compare) => {
      compare.member(recorded, 'key', Uint8Array.of(10, 254));
      compare.value('n', 1, 2);
      compare.bytes('c', undefined, Uint8Array.of(1));
    }),
  ).toEqual(['key is "0afe", recorded is "0aff"', 'n is 1, recorded is 2', 'c is nothing, recorded is "01"']);
});

test('of long values the place where they part', () => {
  const long = 'ab'.repeat(200);
  const [difference] = differences((compare) => compare.value('wire', `${long}cc`, `${long}dd`));
  expect(difference).toBe('wire is "ababababcc", recorded is "ababababdd" from character 392');
});
