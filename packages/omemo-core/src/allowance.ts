/** So many of something within a period: all of them at once after a rest, evenly from then on. */
export interface Allowance {
  readonly count: number;
  /** Milliseconds. */
  readonly period: number;
}

/**
 * Takes one of an allowance. All that is to be remembered of it is when it is whole again, in milliseconds since 1970.
 *
 * @returns when it is whole again after that; undefined when nothing is left.
 */
export function taken(wholeAt: number, { count, period }: Allowance, now: number): number | undefined {
  // Further ahead than clocks of several processes differ: this one was put back, and would keep it used up for as long.
  const from = wholeAt > now + 2 * period ? now : Math.max(wholeAt, now);
  const after = from + period / count;
  return after - now > period ? undefined : Math.floor(after);
}

/** When one more can be taken of an allowance that nothing is left of. */
export function nextAt(wholeAt: number, { count, period }: Allowance): number {
  return Math.ceil(wholeAt + period / count - period);
}
