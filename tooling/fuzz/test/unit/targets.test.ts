import { expect, test } from 'vitest';
import { fuzzTarget } from '../../src/fuzz-target.ts';
import { targets } from '../../src/targets/index.ts';

/** The everyday share; `pnpm fuzz` runs a million of each. */
const RUNS = 150;

test.each(targets)('$name: nothing but values and typed refusals', async (target) => {
  const { defects, accepted, refused } = await fuzzTarget(target, {
    seed: Number(process.env['OMEMO_SEED']),
    runs: RUNS,
  });
  expect(defects).toEqual([]);
  expect(accepted + refused).toBe(RUNS);
});
