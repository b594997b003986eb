import type { ChosenWays } from '../limit/chosen-ways.ts';
import { type OperationName, operationNames } from '../operations.ts';
import type { ProviderName } from '../provider.ts';
import type { JobResult, MeasuredJob } from './measure-job.ts';
import { median } from './statistics.ts';

/** A way with its price in microseconds, the median of the processes that needed it. */
export interface PricedWay {
  readonly name: string;
  readonly us: number;
}

export interface ProviderResult {
  readonly provider: ProviderName;
  /** The way that each limit takes for each operation. */
  readonly ways: Readonly<Record<string, Readonly<Partial<Record<OperationName, PricedWay>>>>>;
  readonly jobs: readonly JobResult[];
}

/** What the processes of several jobs measured with one provider. */
export function joined(provider: ProviderName, chosen: ChosenWays, measured: readonly MeasuredJob[]): ProviderResult {
  const ways = Object.entries(chosen).map(([limit, names]) => {
    const priced = operationNames.flatMap((operation) => {
      const name = names[operation];
      const prices = measured.flatMap(({ prices }) => prices[limit]?.[operation] ?? []);
      return name === undefined || prices.length === 0 ? [] : [[operation, { name, us: median(prices) }] as const];
    });
    return [limit, Object.fromEntries(priced)] as const;
  });
  return { provider, ways: Object.fromEntries(ways), jobs: measured.map(({ job }) => job) };
}
