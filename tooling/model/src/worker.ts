import { parentPort, workerData } from 'node:worker_threads';
import { failureOf, shrunk } from './failure.ts';
import { runSchedule, type Schedule, scheduleOf } from './schedule.ts';
import type { TallyCounts } from './tally.ts';

/** The schedules from `first` on, each `step` further, before `end` and until `until`, in milliseconds since 1970. */
export interface Job {
  readonly first: number;
  readonly step: number;
  readonly end: number;
  readonly until: number;
}

export interface Failure {
  readonly seed: number;
  readonly what: string;
  readonly schedule: Schedule;
}

export type Report = { readonly counts: TallyCounts } | { readonly failure: Failure };

/** Failures after which a worker gives up: they mostly are the same one. */
const MAX_FAILURES = 3;

const { first, step, end, until } = workerData as Job;
const report = (message: Report) => parentPort?.postMessage(message);
let failures = 0;
for (let seed = first; seed < end && Date.now() < until && failures < MAX_FAILURES; seed += step) {
  const schedule = scheduleOf(seed);
  const counts = await runSchedule(schedule).catch(() => undefined);
  if (counts === undefined) {
    failures++;
    const smallest = await shrunk(schedule);
    const what = (await failureOf(smallest)) ?? 'it fails at times only';
    report({ failure: { seed, what, schedule: smallest } });
  } else {
    const { events, results, refusals, schedules, exchanges, largestStore } = counts;
    report({ counts: { events, results, refusals, schedules, exchanges, largestStore } });
  }
}
