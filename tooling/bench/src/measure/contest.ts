import type { Job } from '../jobs/job.ts';
import { time, timeUndisturbed } from './stopwatch.ts';

/** A job beside what it is compared with. */
export interface Contest {
  readonly job: Job;
  /** Limits by name, each a function of the number of units. */
  readonly limits: Readonly<Record<string, (units: number) => void>>;
}

/** Microseconds for one unit in one round, by contender: `job`, `in order` where the job has that, the limits. */
export type Round = Readonly<Record<string, number>>;

export const JOB = 'job';
export const IN_ORDER = 'in order';

const TRIES = 12;

/**
 * All contenders once in this order and once in the reverse one, so that neither a drift of the machine nor what the one
 * before left behind speaks for any of them.
 */
export function runRound({ job, limits }: Contest, units: number): Round {
  const contenders: (readonly [string, () => () => void])[] = [
    [JOB, () => job.prepare(units).run],
    ...Object.entries(limits).map(([name, run]) => [name, () => () => run(units)] as const),
  ];
  const { inOrder } = job.prepare(units);
  if (inOrder !== undefined) contenders.push([IN_ORDER, () => inOrder]);
  const spent = new Map<string, number>();
  for (const [name, prepare] of [...contenders, ...contenders.toReversed()]) {
    spent.set(name, (spent.get(name) ?? 0) + timeUndisturbed(prepare, TRIES));
  }
  return Object.fromEntries([...spent].map(([name, us]) => [name, us / (2 * units)]));
}

/**
 * Runs everything until the engine has compiled it, checks that the job does what it says, and answers how many units take
 * about so long.
 */
export function warmUp(contest: Contest, options: { readonly warmUpMs: number; readonly batchMs: number }): number {
  const { job } = contest;
  let units = job.step;
  let shortest = Number.POSITIVE_INFINITY;
  // Of the processor, not of the clock: the engine compiles beside, and gets as little of a busy machine as we do.
  const start = process.cpuUsage();
  for (let spent = 0; spent < options.warmUpMs * 1000; spent = processorTime(start)) {
    const batch = job.prepare(units);
    const { us } = time(() => batch.run());
    batch.check();
    for (const run of Object.values(contest.limits)) run(units);
    shortest = Math.min(shortest, us / units);
    units = Math.max(1, Math.round((options.batchMs * 1000) / shortest / job.step)) * job.step;
  }
  runRound(contest, units);
  return units;
}

function processorTime(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
