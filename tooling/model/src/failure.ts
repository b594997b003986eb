import type { Sabotage } from './sabotage.ts';
import { runSchedule, type Schedule } from './schedule.ts';

/** What is wrong when a schedule is run; undefined when nothing is. */
export async function failureOf(schedule: Schedule, sabotage?: Sabotage): Promise<string | undefined> {
  try {
    await runSchedule(schedule, sabotage);
    return undefined;
  } catch (error) {
    return error instanceof Error
      ? error.name === 'Mismatch'
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  }
}

/** Runs that a shrinking may take. */
const MAX_RUNS = 400;

/** A part of a failing schedule that fails as well, as short as can be found: parts are left out, larger ones first. */
export async function shrunk(schedule: Schedule, sabotage?: Sabotage): Promise<Schedule> {
  let smallest = schedule;
  let runs = 0;
  for (let size = Math.ceil(schedule.events.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.events.length && runs < MAX_RUNS; ) {
      const without = { ...smallest, events: smallest.events.toSpliced(at, size) };
      runs++;
      if ((await failureOf(without, sabotage)) !== undefined) smallest = without;
      else at += size;
    }
  }
  return smallest;
}
