import type { ProviderName } from '../provider.ts';
import { framedWays } from './framed-ways.ts';
import { nobleWays } from './noble-ways.ts';
import { nodeWays } from './node-ways.ts';
import type { Way } from './way.ts';

/** What a job is measured against. */
export type LimitName = 'L' | 'L_noble';

/** Which ways count for each. `L` takes the best of everything that the provider could use. */
export function waysOf(limit: LimitName, provider: ProviderName): readonly Way[] {
  if (limit === 'L_noble') return nobleWays;
  if (provider === 'noble') return [...nobleWays, ...framedWays];
  // The X25519 of noble needs no key made ready; that of node:crypto does.
  return [...nodeWays, ...nobleWays.filter(({ operation }) => operation !== 'publicImport'), ...framedWays];
}

export const limitsFor: Readonly<Record<ProviderName, readonly LimitName[]>> = {
  node: ['L'],
  noble: ['L', 'L_noble'],
};
