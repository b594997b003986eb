import { median, type Spread, spreadOf } from '../measure/statistics.ts';

/** What one message costs at several sizes of something. */
export interface Curve {
  readonly title: string;
  /** What grows. */
  readonly of: string;
  /** What a price is for. */
  readonly unit: string;
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly at: number;
  /** Microseconds for one unit, median of the rounds. */
  readonly us: number;
  /** How many times the price at the first point, round by round. */
  readonly ratio: Spread;
}

/** One size, ready to be measured. */
export interface Sized {
  readonly at: number;
  /** Units that one run does. */
  readonly units: number;
  run(): Promise<unknown>;
}

/** All sizes once in each round, forth and back. */
export async function measureCurve(
  about: Pick<Curve, 'title' | 'of' | 'unit'>,
  sizes: readonly Sized[],
  rounds: number,
): Promise<Curve> {
  const spent = new Map<Sized, number[]>(sizes.map((size) => [size, []]));
  for (let round = -2; round < rounds; round++) {
    for (const size of round % 2 === 0 ? sizes : sizes.toReversed()) {
      const start = process.hrtime.bigint();
      await size.run();
      const us = Number(process.hrtime.bigint() - start) / 1000 / size.units;
      if (round >= 0) spent.get(size)?.push(us);
    }
  }
  const first = spent.get(sizes[0] as Sized) ?? [];
  const points = sizes.map((size) => {
    const prices = spent.get(size) ?? [];
    const ratio = spreadOf(prices.map((us, round) => us / (first[round] as number)));
    return { at: size.at, us: median(prices), ratio };
  });
  return { ...about, points };
}
