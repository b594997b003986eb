import type { Round } from './interleave.ts';
import { median, type Spread, spreadOf } from './statistics.ts';

/** A price beside a ratio. */
export interface Compared {
  /** Microseconds for one unit, median of the rounds. */
  readonly us: number;
  readonly ratio: Spread;
}

/** The median price of a contender. */
export function priceIn(rounds: readonly Round[], name: string): number {
  return median(columnOf(rounds, name));
}

/** How many times the price of the other, round by round: what disturbs a round disturbs both. */
export function ratioIn(rounds: readonly Round[], name: string, other: string): Spread {
  const others = columnOf(rounds, other);
  return spreadOf(columnOf(rounds, name).map((us, round) => us / (others[round] as number)));
}

/** The prices of some, and how many times each of them a job takes. */
export function comparedWith(
  rounds: readonly Round[],
  job: string,
  others: readonly string[],
): Readonly<Record<string, Compared>> {
  const entries = others.map((name) => [name, { us: priceIn(rounds, name), ratio: ratioIn(rounds, job, name) }]);
  return Object.fromEntries(entries);
}

/** @throws RangeError where a round has no sample of it */
function columnOf(rounds: readonly Round[], name: string): readonly number[] {
  return rounds.map((round) => {
    const us = round[name];
    if (us === undefined) throw new RangeError(`a round has no sample of ${name}`);
    return us;
  });
}
