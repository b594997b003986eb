import { expect, test } from 'vitest';
import { failureOf } from '../../src/failure.ts';
import { sabotages } from '../../src/sabotages.ts';
import { scheduleOf } from '../../src/schedule.ts';

/** Schedules within which each of them is noticed. */
const SCHEDULES = 20;

test.each(Object.entries(sabotages))('it is noticed when %s', async (_, sabotage) => {
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    if ((await failureOf(scheduleOf(seed), sabotage)) !== undefined) return;
  }
  expect.fail('no schedule notices');
});
