/** What was measured after so many messages; all of it is expected to stay as it is. */
export interface Sample {
  readonly messages: number;
  /** Bytes in use after garbage collection: the heap, and what lies beside it in buffers. */
  readonly heap: number;
  /** Bytes of the whole process, for information: it holds native memory and what was not given back. */
  readonly resident: number;
  /** Bytes of the database on disk, its write-ahead log included. */
  readonly database: number;
  readonly rows: number;
}

export interface Trend {
  readonly what: 'heap' | 'database' | 'rows';
  /** Of the samples that count. */
  readonly mean: number;
  /** By how much the fitted line rises over them, as a share of their mean. */
  readonly rise: number;
  readonly flat: boolean;
}

/** The first samples are of caches that fill up, and do not count. */
const WARM_UP = 0.2;

/**
 * Nor do those of a ring that fills up: 64 records of 40 hashes remember what was read from a device, of two devices, and
 * what is lost or doubled fills none. In a short run it is half the samples that count at least.
 */
const RINGS_FULL = 6_000;

/** A rise of more than this share of the mean is growth. */
const LARGEST_RISE = 0.05;

const FEWEST_SAMPLES = 5;

/**
 * Flat or not: a straight line is fitted by least squares to the samples after the warm-up, the first 20 % of the messages
 * and 6,000 at least. It may rise by 5 % of their mean from the first of them to the last. Falling is flat.
 *
 * @throws RangeError for fewer than five samples after the warm-up: a line through less says nothing.
 */
export function trendOf(samples: readonly Sample[], what: Trend['what']): Trend {
  const last = samples.at(-1)?.messages ?? 0;
  const warm = Math.min(Math.max(last * WARM_UP, RINGS_FULL), last / 2);
  const counted = samples.filter(({ messages }) => messages >= warm);
  if (counted.length < FEWEST_SAMPLES) throw new RangeError(`${counted.length} samples are too few for a verdict`);
  const xs = counted.map(({ messages }) => messages);
  const ys = counted.map((sample) => sample[what]);
  const meanX = meanOf(xs);
  const mean = meanOf(ys);
  let across = 0;
  let along = 0;
  for (const [index, x] of xs.entries()) {
    across += (x - meanX) * (ys[index]! - mean);
    along += (x - meanX) ** 2;
  }
  const slope = across / along;
  const rise = mean === 0 ? 0 : (slope * (xs.at(-1)! - xs[0]!)) / mean;
  return { what, mean, rise, flat: rise <= LARGEST_RISE };
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
