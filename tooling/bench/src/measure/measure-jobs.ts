import { makeJob } from '../jobs/all-jobs.ts';
import type { JobId } from '../jobs/job.ts';
import { operationCounts } from '../jobs/operation-counts.ts';
import { type Fastest, findFastest } from '../limit/fastest.ts';
import { limitOf } from '../limit/limit.ts';
import { type LimitName, limitsFor, waysOf } from '../limit/limits.ts';
import type { Way } from '../limit/way.ts';
import { hmacsOf, type OperationName, operationNames } from '../operations.ts';
import type { ProviderName } from '../provider.ts';
import { type Compared, comparedWith, priceIn } from './compared.ts';
import { type Contest, JOB, PASSES, runRounds, warmUp } from './contest.ts';
import type { Round } from './interleave.ts';

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly batchMs: number;
  /** A job that takes longer than this has fewer rounds, but no fewer than `fewestRounds`. */
  readonly longestMs: number;
  readonly fewestRounds: number;
}

export interface JobResult {
  readonly id: JobId;
  readonly title: string;
  readonly unit: string;
  /** Microseconds for one unit, median of the rounds. */
  readonly us: number;
  /** Median microseconds of what it is compared with, and the ratio job / other round by round. */
  readonly against: Readonly<Record<string, Compared>>;
  readonly unitsInRound: number;
  readonly rounds: number;
  readonly hmacs: number;
}

export interface ProviderResult {
  readonly provider: ProviderName;
  /** The way that each limit takes for each operation, with its price in microseconds. */
  readonly ways: Readonly<Record<string, Readonly<Partial<Record<OperationName, { name: string; us: number }>>>>>;
  readonly jobs: readonly JobResult[];
}

/** Measures jobs, each in rounds with its limits. Runs in a process whose primitives are those of the provider. */
export async function measureJobs(
  provider: ProviderName,
  ids: readonly JobId[],
  effort: Effort,
): Promise<ProviderResult> {
  const needed = (way: Way) => ids.some((id) => operationCounts[id][way.operation] !== undefined);
  const limits = limitsFor[provider].map((name) => ({
    name,
    fastest: findFastest(waysOf(name, provider).filter(needed), 15),
  }));
  const jobs: JobResult[] = [];
  for (const id of ids) {
    const contest = contestOf(id, limits);
    const units = warmUp(contest, effort);
    jobs.push(resultOf(contest, units, await runRounds(contest, units, effort)));
  }
  return {
    provider,
    ways: Object.fromEntries(limits.map(({ name, fastest }) => [name, namesOf(fastest)])),
    jobs,
  };
}

/** What several processes measured with one provider. */
export function joined(results: readonly ProviderResult[]): ProviderResult {
  const [first] = results;
  if (first === undefined) throw new RangeError('nothing was measured');
  const ways = Object.keys(first.ways).map(
    (limit) => [limit, Object.assign({}, ...results.map((result) => result.ways[limit]))] as const,
  );
  return { provider: first.provider, ways: Object.fromEntries(ways), jobs: results.flatMap(({ jobs }) => jobs) };
}

function contestOf(id: JobId, limits: readonly { readonly name: LimitName; readonly fastest: Fastest }[]): Contest {
  const operations = operationCounts[id];
  return {
    job: makeJob[id](),
    limits: Object.fromEntries(limits.map(({ name, fastest }) => [name, limitOf(operations, fastest)])),
  };
}

function resultOf({ job, limits }: Contest, unitsInRound: number, rounds: readonly Round[]): JobResult {
  const others = Object.keys(rounds[0] ?? limits).filter((name) => name !== JOB);
  const { id, title, unit } = job;
  return {
    id,
    title,
    unit,
    us: priceIn(rounds, JOB),
    against: comparedWith(rounds, JOB, others),
    unitsInRound: unitsInRound * PASSES,
    rounds: rounds.length,
    hmacs: hmacsOf(operationCounts[id]),
  };
}

function namesOf(fastest: Fastest) {
  const entries = operationNames.flatMap((operation) => {
    const priced = fastest[operation];
    return priced === undefined ? [] : [[operation, { name: priced.way.name, us: priced.us }] as const];
  });
  return Object.fromEntries(entries);
}
