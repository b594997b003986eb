import type { Trial } from '../limit/fastest.ts';

/** How long to measure. */
export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly batchMs: number;
  /** A job that takes longer than this has fewer rounds, but no fewer than `fewestRounds`. */
  readonly longestMs: number;
  readonly fewestRounds: number;
  /** To choose the ways of the limits. */
  readonly trial: Trial;
}
