import { expect, test } from 'vitest';
import { operationCounts } from '../../src/jobs/operation-counts.ts';
import { joined } from '../../src/measure/provider-result.ts';
import { limitLines, sumOf } from '../../src/report/limit-report.ts';

const ways = { L: { chainKeys: 'one', messageKeys: 'two', tag: 'three', encrypt: 'four', decrypt: 'five' } };

function measured(id: 'c' | 'f', us: number) {
  const job = { id, title: '', unit: '', us, against: {}, unitsInRound: 1, rounds: 1, hmacs: 7 };
  const prices = Object.fromEntries(Object.keys(operationCounts[id]).map((operation) => [operation, us]));
  return { job, prices: { L: prices } };
}

test('a price is the median of the processes that needed the operation', () => {
  const { ways: priced } = joined('node', ways, [measured('c', 2), measured('f', 4)]);
  expect(priced['L']?.chainKeys).toEqual({ name: 'one', us: 3 });
  expect(priced['L']?.decrypt).toEqual({ name: 'five', us: 2 });
});

test('what is printed can be summed up', () => {
  const result = joined('node', ways, [measured('c', 2), measured('f', 2)]);
  expect(sumOf('f', result.ways['L'] ?? {})).toBe(8);
  expect(sumOf('c', result.ways['L'] ?? {})).toBe(16);
  const lines = limitLines(result);
  expect(lines).toHaveLength(1 + 1 + 5 + 2);
  expect(lines.find((line) => line.startsWith('KDF_CK'))).toMatch(/2\.00 +one +2 +1$/);
  expect(lines.at(-2)).toMatch(/prices by numbers, us +16\.0 +8\.00/);
});
