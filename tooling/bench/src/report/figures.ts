import type { Spread } from '../measure/statistics.ts';

/** Microseconds in three figures or so. */
export function price(us: number): string {
  return us >= 100 ? us.toFixed(0) : us >= 10 ? us.toFixed(1) : us.toFixed(2);
}

export function ratio({ median, lower, upper }: Spread): string {
  return `${median.toFixed(2)} (${lower.toFixed(2)}-${upper.toFixed(2)})`;
}
