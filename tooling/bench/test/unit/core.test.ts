import { expect, test } from 'vitest';
import { measureCore } from '../../src/core/measure-core.ts';
import { coreLines } from '../../src/report/core-report.ts';

test('the whole can be measured, small', async () => {
  const results = await measureCore({ rounds: 1, devices: 3 });
  expect(results.map(({ id, against }) => [id, Object.keys(against)])).toEqual([
    ['f+', ['f', 'bare commits']],
    ['o', ['c', 'stores in memory', 'bare commits']],
    ['r', ['one by one']],
  ]);
  for (const { us } of results) expect(us).toBeGreaterThan(0);
  expect(coreLines({ node: results })).toHaveLength(8);
});
