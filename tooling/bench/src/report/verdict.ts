import type { Spread } from '../measure/statistics.ts';

/** What a ratio has to be. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

export type Verdict = 'reached' | 'not reached' | 'undecided' | 'not measured';

/** Reached or missed when all of the interval says so in which the median lies; in between nobody knows. */
export function judge(ratio: Spread | undefined, bound: Bound): Verdict {
  if (ratio === undefined) return 'not measured';
  const [from, to] = ratio.medianWithin;
  const [holds, fails] =
    'atMost' in bound ? [to <= bound.atMost, from > bound.atMost] : [from >= bound.atLeast, to < bound.atLeast];
  if (holds) return 'reached';
  return fails ? 'not reached' : 'undecided';
}

/** For people, always with what was to be reached; what was missed catches the eye. @param times the limit, or the other, that the ratio is of */
export function verdictText(ratio: Spread | undefined, bound: Bound, times: string): string {
  const verdict = judge(ratio, bound);
  const shown = verdict === 'not reached' ? verdict.toUpperCase() : verdict;
  return `${shown}: ${'atMost' in bound ? `<= ${bound.atMost}` : `>= ${bound.atLeast}`} x ${times}`;
}
