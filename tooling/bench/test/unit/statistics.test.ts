import { expect, test } from 'vitest';
import { median, quantile, spreadOf } from '../../src/measure/statistics.ts';

test('the median is the value in the middle, or between the two there', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
});

test('one wild value does not move the median', () => {
  expect(median([10, 11, 12, 13, 10_000])).toBe(12);
});

test('quartiles lie a quarter from both ends, between neighbours by interpolation', () => {
  expect(spreadOf([5, 4, 3, 2, 1])).toMatchObject({ median: 3, lower: 2, upper: 4 });
  expect(quantile([0, 10], 0.25)).toBe(2.5);
});

test('the more values there are, the better the median is known', () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, value) => value);
  expect(spreadOf(upTo(5)).medianWithin).toEqual([0, 4]);
  expect(spreadOf(upTo(25)).medianWithin).toEqual([6, 18]);
  expect(spreadOf(upTo(2_501)).medianWithin).toEqual([1_200, 1_300]);
});

test('values stay in their order', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test('nothing has no median', () => {
  expect(() => median([])).toThrow(RangeError);
});
