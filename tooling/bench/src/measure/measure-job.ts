import { makeJob } from '../jobs/all-jobs.ts';
import type { JobId } from '../jobs/job.ts';
import { operationCounts } from '../jobs/operation-counts.ts';
import { type ChosenWays, waysChosen } from '../limit/chosen-ways.ts';
import { type Prices, priceWays } from '../limit/fastest.ts';
import { limitOf } from '../limit/limit.ts';
import { limitsFor } from '../limit/limits.ts';
import { hmacsOf, type OperationName } from '../operations.ts';
import type { ProviderName } from '../provider.ts';
import { type Compared, comparedWith, priceIn } from './compared.ts';
import { type Contest, JOB, PASSES, runRounds, warmUp } from './contest.ts';
import type { Effort } from './effort.ts';

/** What the process of one job is told. */
export interface Task {
  readonly provider: ProviderName;
  readonly job: JobId;
  readonly ways: ChosenWays;
  readonly effort: Effort;
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

export interface MeasuredJob {
  readonly job: JobResult;
  /** By limit: what its ways cost here, each measured by itself after the rounds. */
  readonly prices: Readonly<Record<string, Prices>>;
}

/** The limits ran all the time before. */
const PRICING = { warmUpMs: 5, rounds: 31 };

/** Measures a job in rounds with its limits. Runs in a process whose primitives are those of the provider. */
export async function measureJob({ provider, job: id, ways, effort }: Task): Promise<MeasuredJob> {
  const operations = operationCounts[id];
  const limits = limitsFor[provider].map((name) => [name, waysChosen(name, provider, ways)] as const);
  const contest: Contest = {
    job: makeJob[id](),
    limits: Object.fromEntries(limits.map(([name, chosen]) => [name, limitOf(operations, chosen)])),
  };
  const units = warmUp(contest, effort);
  const rounds = await runRounds(contest, units, effort);
  const { title, unit } = contest.job;
  const others = Object.keys(rounds[0] ?? {}).filter((name) => name !== JOB);
  const job: JobResult = {
    ...{ id, title, unit },
    us: priceIn(rounds, JOB),
    against: comparedWith(rounds, JOB, others),
    unitsInRound: units * PASSES,
    rounds: rounds.length,
    hmacs: hmacsOf(operations),
  };
  const prices: Record<string, Prices> = {};
  for (const [name, chosen] of limits) {
    const needed = Object.entries(chosen).filter(([operation]) => operation in operations);
    prices[name] = await priceWays(Object.fromEntries(needed), PRICING);
  }
  return { job, prices };
}

/** Which operations jobs need. */
export function operationsOf(ids: readonly JobId[]): readonly OperationName[] {
  return [...new Set(ids.flatMap((id) => Object.keys(operationCounts[id]) as OperationName[]))];
}
