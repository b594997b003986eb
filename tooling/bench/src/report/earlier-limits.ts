import type { JobId } from '../jobs/job.ts';
import type { LimitName } from '../limit/limits.ts';

/**
 * The limits in microseconds as they were summed up in November 2026 from prices on Node 20.20.2 and a 2-core AMD EPYC (Zen 4), to be
 * read beside those of today. (b) was counted there without the sending chain: 5 X25519 and 12 HMACs.
 */
export const earlierLimits: Readonly<Record<LimitName, Readonly<Partial<Record<JobId, number>>>>> = {
  L: { a: 460, b: 260, c: 27.9, d: 164, e: 4400, f: 13.9, g: 14.1 },
  L_noble: { a: 8150, b: 5627, c: 66, d: 2696, e: 43_000, f: 32, g: 34 },
};
