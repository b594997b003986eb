import { priceIn, ratioIn } from '../measure/compared.ts';
import { interleave } from '../measure/interleave.ts';
import type { Spread } from '../measure/statistics.ts';
import { type Prepare, timeAwaited } from '../measure/stopwatch.ts';

/** What a curve is about. */
export interface CurveTitle {
  readonly title: string;
  /** What grows. */
  readonly of: string;
  /** What a price is for. */
  readonly unit: string;
  /** The size that larger ones are compared with; the first by default. Below it, what is paid once for all is still to be seen. */
  readonly from?: number;
}

/** What one message costs at several sizes of something. */
export interface Curve extends Required<CurveTitle> {
  readonly points: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly at: number;
  /** Microseconds for one unit, median of the rounds. */
  readonly us: number;
  /** How many times the price at `from`, round by round. */
  readonly ratio: Spread;
  /** How many times the price at the point before; 1 for the first. */
  readonly step: number;
}

/** One size, ready to be measured. */
export interface Sized {
  readonly at: number;
  /** Units that one run does. */
  readonly units: number;
  readonly prepare: Prepare;
}

/** All sizes once in each round, in turns. */
export async function measureCurve(about: CurveTitle, sizes: readonly Sized[], rounds: number): Promise<Curve> {
  const contenders = sizes.map(({ at, units, prepare }) => ({
    name: String(at),
    sample: () => timeAwaited(prepare, units),
  }));
  const measured = await interleave(contenders, { rounds, warmUps: 2 });
  const from = about.from ?? sizes[0]?.at ?? 0;
  const points = sizes.map(({ at }, index) => {
    const us = priceIn(measured, String(at));
    const before = sizes[index - 1];
    return {
      ...{ at, us },
      ratio: ratioIn(measured, String(at), String(from)),
      step: before === undefined ? 1 : us / priceIn(measured, String(before.at)),
    };
  });
  return { ...about, from, points };
}
