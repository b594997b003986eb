import type { JobId } from '../jobs/job.ts';
import type { LimitName } from '../limit/limits.ts';

/**
 * The limits in microseconds as they were before anything was written: summed up from prices, to be read beside those that are measured.
 * (b) was counted without the sending chain: 5 X25519 and 12 HMACs.
 */
export const earlierLimits: Readonly<Record<LimitName, Readonly<Partial<Record<JobId, number>>>>> = {
  L: { a: 460, b: 260, c: 27.9, d: 164, e: 4400, f: 13.9, g: 14.1 },
  L_noble: { a: 8150, b: 5627, c: 66, d: 2696, e: 43_000, f: 32, g: 34 },
};

export const EARLIER = 'of Node 20';
export const EARLIER_NOTE = `${EARLIER}: the same limit summed up from prices of Node 20.20.2 on a 2-core AMD EPYC, in November 2026; its (b) without the sending chain`;
