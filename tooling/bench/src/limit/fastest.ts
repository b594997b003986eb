import { median } from '../measure/statistics.ts';
import { time, timeUndisturbed } from '../measure/stopwatch.ts';
import type { OperationName } from '../operations.ts';
import type { Way } from './way.ts';

/** A way with what it was seen to cost. */
export interface PricedWay {
  readonly way: Way;
  readonly us: number;
}

export type Fastest = Readonly<Partial<Record<OperationName, PricedWay>>>;

const WARM_UP_US = 30_000;
const SAMPLE_US = 300;
const TRIES = 12;

/**
 * The fastest way of each operation, found by trying all in turns: what is slower on this machine and version cannot
 * make the limit larger. Ways that do not exist here are left out.
 */
export function findFastest(ways: readonly Way[], rounds: number): Fastest {
  const tried = ways.filter(works).map((way) => ({ way, calls: callsFor(way), samples: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const { way, calls, samples } of tried)
      samples.push(timeUndisturbed(() => () => repeat(way, calls), TRIES) / calls);
  }
  const priced = tried.map(({ way, samples }) => ({ way, us: median(samples) }));
  const fastest: Partial<Record<OperationName, PricedWay>> = {};
  for (const one of priced) {
    const best = fastest[one.way.operation];
    if (best === undefined || one.us < best.us) fastest[one.way.operation] = one;
  }
  return fastest;
}

function works(way: Way): boolean {
  try {
    way.run();
    return true;
  } catch {
    return false;
  }
}

/** Runs it until the engine has compiled it; answers how many calls make a sample. */
function callsFor(way: Way): number {
  let shortest = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let batch = 1; spent < WARM_UP_US; batch *= 2) {
    const size = batch;
    const { us } = time(() => repeat(way, size));
    spent += us;
    shortest = Math.min(shortest, us / size);
  }
  return Math.max(1, Math.round(SAMPLE_US / shortest));
}

function repeat(way: Way, calls: number): void {
  for (let call = 0; call < calls; call++) way.run();
}
