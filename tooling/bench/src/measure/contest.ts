import type { Job } from '../jobs/job.ts';
import { type Contender, interleave, type Round, type Rounds } from './interleave.ts';
import { processorTime, time, timeUndisturbed } from './stopwatch.ts';

/** A job beside what it is compared with. */
export interface Contest {
  readonly job: Job;
  /** Limits by name, each a function of the number of units. */
  readonly limits: Readonly<Record<string, (units: number) => void>>;
}

export const JOB = 'job';
export const IN_ORDER = 'in order';

const TRIES = 12;
export const PASSES = 2;

/** The job, the same in order where it has that, and its limits. */
function contendersOf({ job, limits }: Contest, units: number): readonly Contender[] {
  const contender = (name: string, prepare: () => () => void): Contender => ({
    name,
    sample: () => timeUndisturbed(prepare, TRIES) / units,
  });
  const { inOrder } = job.prepare(units);
  return [
    contender(JOB, () => job.prepare(units).run),
    ...Object.entries(limits).map(([name, run]) => contender(name, () => () => run(units))),
    ...(inOrder === undefined ? [] : [contender(IN_ORDER, () => inOrder)]),
  ];
}

/** Each round goes both ways. */
export function runRounds(contest: Contest, units: number, rounds: Rounds): Promise<readonly Round[]> {
  return interleave(contendersOf(contest, units), { ...rounds, passes: PASSES, warmUps: 1 });
}

/**
 * Runs everything until the engine has compiled it, checks that the job does what it says, and answers how many units take
 * about so long.
 */
export function warmUp(contest: Contest, options: { readonly warmUpMs: number; readonly batchMs: number }): number {
  const { job } = contest;
  let units = job.step;
  let shortest = Number.POSITIVE_INFINITY;
  const start = process.cpuUsage();
  for (let spent = 0; spent < options.warmUpMs * 1000; spent = processorTime(start)) {
    const batch = job.prepare(units);
    const { us } = time(() => batch.run());
    batch.check();
    for (const run of Object.values(contest.limits)) run(units);
    shortest = Math.min(shortest, us / units);
    units = Math.max(1, Math.round((options.batchMs * 1000) / shortest / job.step)) * job.step;
  }
  return units;
}
