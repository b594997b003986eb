/** The value below which this part of the values lies, between neighbours by interpolation. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('there is no quantile of nothing');
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The middle and the quarter below and above it. */
export interface Spread {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  /** Between which values the median of ever more rounds would lie, of 100 times 95 at least. */
  readonly medianWithin: readonly [from: number, to: number];
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    lower: quantile(values, 0.25),
    upper: quantile(values, 0.75),
    medianWithin: medianWithin(values),
  };
}

/** By ranks (a binomial distribution, taken as normal), so that no shape of the noise has to be assumed. */
function medianWithin(values: readonly number[]): readonly [from: number, to: number] {
  const sorted = [...values].sort((one, other) => one - other);
  const last = sorted.length - 1;
  const half = 0.98 * Math.sqrt(sorted.length);
  const from = Math.max(0, Math.floor(sorted.length / 2 - half) - 1);
  const to = Math.min(last, Math.ceil(sorted.length / 2 + half));
  return [sorted[from] as number, sorted[to] as number];
}
