import { operationCounts } from '../jobs/operation-counts.ts';
import type { JobResult } from '../measure/measure-job.ts';
import type { PricedWay, ProviderResult } from '../measure/provider-result.ts';
import { type OperationName, operationNames, operationTitles } from '../operations.ts';
import { price } from './figures.ts';
import { table } from './table.ts';

/** What each limit is made of, so that a reader can do the sum: prices, how often a job needs each, and the limit as it was measured. */
export function limitLines({ ways, jobs }: ProviderResult): readonly string[] {
  return Object.entries(ways).flatMap(([limit, priced], index) => [
    ...(index === 0 ? [] : ['']),
    `What ${limit} is made of: price of each operation by itself, and how many of it a unit of each job needs`,
    ...table([
      ['', 'us', 'way', ...jobs.map(({ id }) => `(${id})`)],
      ...operationNames.flatMap((operation) => {
        const way = priced[operation];
        return way === undefined ? [] : [rowOf(operation, way, jobs)];
      }),
      ['prices by numbers, us', '', '', ...jobs.map(({ id }) => price(sumOf(id, priced)))],
      [`${limit} as measured, us`, '', '', ...jobs.map(({ against }) => price(against[limit]?.us ?? Number.NaN))],
    ]),
  ]);
}

function rowOf(operation: OperationName, { us, name }: PricedWay, jobs: readonly JobResult[]): readonly string[] {
  return [
    operationTitles[operation],
    price(us),
    name,
    ...jobs.map(({ id }) => String(operationCounts[id][operation] ?? '')),
  ];
}

/** What the operations of a job would take, done one by one at their prices. */
export function sumOf(id: JobResult['id'], priced: ProviderResult['ways'][string]): number {
  const needed = Object.entries(operationCounts[id]) as [OperationName, number][];
  return needed.reduce((sum, [operation, count]) => sum + count * (priced[operation]?.us ?? Number.NaN), 0);
}
