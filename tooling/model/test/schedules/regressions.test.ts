import { expect, test } from 'vitest';
import { failureOf } from '../../src/failure.ts';
import { regressions } from '../../src/regressions.ts';

test.each(await regressions())('seed $seed: $found', async (schedule) => {
  expect(await failureOf(schedule)).toBeUndefined();
});
