import type { Spread } from '../measure/statistics.ts';

/** What a ratio has to be. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

export type Verdict = 'reached' | 'not reached' | 'undecided' | 'not measured';

/** Reached or missed when three of four rounds say so; in between nobody knows. */
export function judge(ratio: Spread | undefined, bound: Bound): Verdict {
  if (ratio === undefined) return 'not measured';
  const { lower, upper } = ratio;
  const [holds, fails] =
    'atMost' in bound ? [upper <= bound.atMost, lower > bound.atMost] : [lower >= bound.atLeast, upper < bound.atLeast];
  if (holds) return 'reached';
  return fails ? 'not reached' : 'undecided';
}

/** For people, always with what was to be reached; what was missed catches the eye. @param times the limit, or the other, that the ratio is of */
export function verdictText(ratio: Spread | undefined, bound: Bound, times: string): string {
  const verdict = judge(ratio, bound);
  const shown = verdict === 'not reached' ? verdict.toUpperCase() : verdict;
  return `${shown}: ${'atMost' in bound ? `<= ${bound.atMost}` : `>= ${bound.atLeast}`} x ${times}`;
}
