import { expect, test } from 'vitest';
import { failureOf } from '../../src/failure.ts';
import { scheduleOf } from '../../src/schedule.ts';

/** The everyday share; `pnpm model` runs thousands. */
const SCHEDULES = 12;

test('random schedules do what the model says', async () => {
  const seed = Number(process.env['OMEMO_SEED']);
  for (let run = 0; run < SCHEDULES; run++) {
    expect(await failureOf(scheduleOf(seed + run)), `schedule ${seed + run}`).toBeUndefined();
  }
});

test('a schedule is the same each time', () => {
  expect(scheduleOf(7)).toEqual(scheduleOf(7));
});
