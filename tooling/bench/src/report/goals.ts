import type { JobId } from '../jobs/job.ts';
import type { ProviderName } from '../provider.ts';

/** What a job has to reach. */
export interface Goal {
  readonly job: JobId;
  readonly provider: ProviderName;
  readonly against: 'L' | 'L_noble' | 'in order';
  readonly atMost: number;
}

/**
 * Set in November 2026 before anything was optimised, from a throw-away prototype that did ratchet and X3DH without validation and
 * storage: it took 1.08 to 1.31 of the limit on Node 20. The head-room is for what it left out.
 */
const goals: readonly Goal[] = [
  { job: 'a', provider: 'node', against: 'L', atMost: 1.25 },
  { job: 'b', provider: 'node', against: 'L', atMost: 1.25 },
  { job: 'c', provider: 'node', against: 'L', atMost: 1.35 },
  { job: 'd', provider: 'node', against: 'L', atMost: 1.25 },
  { job: 'e', provider: 'node', against: 'L', atMost: 1.2 },
  { job: 'f', provider: 'node', against: 'L', atMost: 1.4 },
  { job: 'g', provider: 'node', against: 'in order', atMost: 1.3 },
  { job: 'a', provider: 'noble', against: 'L_noble', atMost: 1.1 },
  { job: 'b', provider: 'noble', against: 'L_noble', atMost: 1.1 },
  { job: 'c', provider: 'noble', against: 'L_noble', atMost: 0.7 },
  { job: 'd', provider: 'noble', against: 'L_noble', atMost: 1.1 },
  { job: 'e', provider: 'noble', against: 'L_noble', atMost: 1.1 },
];

/** The same for the whole of omemo-core with XML and SQLite (WAL, synchronous = FULL), against the ratchet alone. */
export const coreGoals = [{ job: 'f+', against: 'f', atMost: 3 }] as const;

export function goalOf(job: JobId, provider: ProviderName): Goal | undefined {
  return goals.find((goal) => goal.job === job && goal.provider === provider);
}
