import { expect, test } from 'vitest';
import { comparedWith, priceIn, ratioIn } from '../../src/measure/compared.ts';
import { interleave } from '../../src/measure/interleave.ts';

function recorded() {
  const ran: string[] = [];
  const contender = (name: string, ...samples: (number | undefined)[]) => ({
    name,
    async sample() {
      ran.push(name);
      return samples.length > 1 ? samples.shift() : samples[0];
    },
  });
  return { ran, contender };
}

test('every round goes the other way than the one before, warm-ups do not count', async () => {
  const { ran, contender } = recorded();
  const rounds = await interleave([contender('one', 9, 1, 2), contender('other', 9, 3, 4)], { rounds: 2, warmUps: 1 });
  expect(ran).toEqual(['one', 'other', 'other', 'one', 'one', 'other']);
  expect(rounds).toEqual([
    { one: 1, other: 3 },
    { one: 2, other: 4 },
  ]);
});

test('a round of two passes goes both ways and has their mean', async () => {
  const { ran, contender } = recorded();
  const rounds = await interleave([contender('one', 1, 3), contender('other', 5, 5)], { rounds: 1, passes: 2 });
  expect(ran).toEqual(['one', 'other', 'other', 'one']);
  expect(rounds).toEqual([{ one: 2, other: 5 }]);
});

test('when the time is over there are no more rounds than the fewest', async () => {
  const { contender } = recorded();
  const rounds = await interleave([contender('one', 1)], { rounds: 50, longestMs: 0, fewestRounds: 3 });
  expect(rounds).toHaveLength(3);
});

test('who has no sample in a round is not in it', async () => {
  const { contender } = recorded();
  const rounds = await interleave([contender('one', 1, 2), contender('other', undefined, 2)], { rounds: 2 });
  expect(rounds).toEqual([{ one: 1 }, { one: 2, other: 2 }]);
  expect(() => priceIn(rounds, 'other')).toThrow('no sample of other');
});

test('a ratio is taken in each round: a slow one does not change it', () => {
  const rounds = [
    { job: 2, L: 1 },
    { job: 2, L: 1 },
    { job: 200, L: 100 },
  ];
  expect(ratioIn(rounds, 'job', 'L')).toEqual({ median: 2, lower: 2, upper: 2, medianWithin: [2, 2] });
  expect(priceIn(rounds, 'job')).toBe(2);
  expect(comparedWith(rounds, 'job', ['L'])).toEqual({
    L: { us: 1, ratio: { median: 2, lower: 2, upper: 2, medianWithin: [2, 2] } },
  });
});
