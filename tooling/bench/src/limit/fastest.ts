import { priceIn } from '../measure/compared.ts';
import { type Contender, interleave } from '../measure/interleave.ts';
import { processorTime, time, timeUndisturbed } from '../measure/stopwatch.ts';
import type { OperationName } from '../operations.ts';
import type { Way } from './way.ts';

/** The way that a limit takes for each operation. */
export type Ways = Readonly<Partial<Record<OperationName, Way>>>;
/** What each costs, microseconds. */
export type Prices = Readonly<Partial<Record<OperationName, number>>>;

/** How long to try. */
export interface Trial {
  /** Of the processor, for each way. */
  readonly warmUpMs: number;
  readonly rounds: number;
}

const BATCH_US = 5_000;
const SAMPLE_US = 300;
const TRIES = 12;
/** What Node says to a format of keys, or an algorithm, that it does not have; 26 also to a JWK whose public key it would have to compute. */
const NOT_HERE = ['ERR_INVALID_ARG_VALUE', 'ERR_CRYPTO_UNSUPPORTED_OPERATION', 'ERR_CRYPTO_INVALID_JWK'];

/**
 * The fastest way of each operation, found by trying all in turns when the engine has compiled them: what is slower on this machine
 * and version cannot make the limit larger. Ways that do not exist here are left out.
 */
export async function findFastest(ways: readonly Way[], trial: Trial): Promise<Ways> {
  const tried = ways.filter(existsHere);
  const prices = await pricesOf(tried, trial);
  const fastest: Partial<Record<OperationName, { way: Way; us: number }>> = {};
  for (const [index, way] of tried.entries()) {
    const us = prices[index] as number;
    const best = fastest[way.operation];
    if (best === undefined || us < best.us) fastest[way.operation] = { way, us };
  }
  return Object.fromEntries(Object.entries(fastest).map(([operation, { way }]) => [operation, way]));
}

export async function priceWays(ways: Ways, trial: Trial): Promise<Prices> {
  const entries = Object.entries(ways);
  const prices = await pricesOf(
    entries.map(([, way]) => way),
    trial,
  );
  return Object.fromEntries(entries.map(([operation], index) => [operation, prices[index]]));
}

async function pricesOf(ways: readonly Way[], { warmUpMs, rounds }: Trial): Promise<readonly number[]> {
  const calls = warmUp(ways, warmUpMs);
  const contenders = ways.map((way, index): Contender => {
    const count = calls[index] as number;
    return { name: String(index), sample: () => timeUndisturbed(() => () => repeat(way, count), TRIES) / count };
  });
  const measured = await interleave(contenders, { rounds, warmUps: 1 });
  return contenders.map(({ name }) => priceIn(measured, name));
}

/** False for a way that this Node does not have; what else goes wrong is a fault of ours. */
export function existsHere(way: Way): boolean {
  try {
    way.run();
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code === 'string' && NOT_HERE.includes(code)) return false;
    throw error;
  }
}

/** All in turns, because the engine compiles one beside while another runs. @returns how many calls of each make a sample */
function warmUp(ways: readonly Way[], milliseconds: number): readonly number[] {
  const shortest = ways.map(() => Number.POSITIVE_INFINITY);
  const callsIn = (index: number, us: number) => Math.max(1, Math.round(us / (shortest[index] as number)));
  const end = milliseconds * 1000 * ways.length;
  const start = process.cpuUsage();
  do {
    for (const [index, way] of ways.entries()) {
      const calls = callsIn(index, BATCH_US);
      shortest[index] = Math.min(shortest[index] as number, time(() => repeat(way, calls)).us / calls);
    }
  } while (processorTime(start) < end);
  return ways.map((_, index) => callsIn(index, SAMPLE_US));
}

function repeat(way: Way, calls: number): void {
  for (let call = 0; call < calls; call++) way.run();
}
