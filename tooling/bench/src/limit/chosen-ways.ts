import type { OperationName } from '../operations.ts';
import type { ProviderName } from '../provider.ts';
import { findFastest, type Trial, type Ways } from './fastest.ts';
import { type LimitName, limitsFor, waysOf } from './limits.ts';

/** By name, as they go from one process to others. */
export type ChosenWays = Readonly<Partial<Record<LimitName, Readonly<Partial<Record<OperationName, string>>>>>>;

/** What one process of a provider needs to know to choose. */
export interface Choice {
  readonly provider: ProviderName;
  readonly operations: readonly OperationName[];
  readonly trial: Trial;
}

/** The fastest way of each operation, for every limit of the provider. */
export async function chooseWays({ provider, operations, trial }: Choice): Promise<ChosenWays> {
  const chosen: [LimitName, ChosenWays[LimitName]][] = [];
  for (const limit of limitsFor[provider]) {
    const ways = waysOf(limit, provider).filter(({ operation }) => operations.includes(operation));
    const fastest = Object.entries(await findFastest(ways, trial));
    chosen.push([limit, Object.fromEntries(fastest.map(([operation, { name }]) => [operation, name]))]);
  }
  return Object.fromEntries(chosen);
}

/** The same ways in another process. */
export function waysChosen(limit: LimitName, provider: ProviderName, chosen: ChosenWays): Ways {
  const names = chosen[limit] ?? {};
  const ways = waysOf(limit, provider).filter(({ operation, name }) => names[operation] === name);
  return Object.fromEntries(ways.map((way) => [way.operation, way]));
}
