import type { JobId } from '../jobs/job.ts';
import type { ComparedJob } from '../peers/implementation.ts';
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

/** How many times as long as ours another takes at least. */
export interface PeerGoal {
  /** As in the catalogue, without its version. */
  readonly peer: string;
  readonly job: ComparedJob;
  readonly atLeast: number;
  readonly ours: 'omemo-kit' | 'omemo-kit, noble';
}

/** Set with {@link goals}, by what was measured of the others on that day. */
export const peerGoals: readonly PeerGoal[] = [
  ...goalsAgainst('libomemo-c', { a: 2, b: 3, c: 1.7, d: 2.5, e: 3, f: 1.3, g: 25 }),
  ...goalsAgainst('libomemo-c', { c: 1.4 }, 'omemo-kit, noble'),
  ...goalsAgainst('twomemo', { a: 5 }),
  ...goalsAgainst('libsignal-client', { c: 7 }),
  // "Level with": nobody feels a tenth.
  ...goalsAgainst('Olm', { c: 0.9 }),
];

function goalsAgainst(
  peer: string,
  times: Readonly<Partial<Record<ComparedJob, number>>>,
  ours: PeerGoal['ours'] = 'omemo-kit',
): readonly PeerGoal[] {
  return Object.entries(times).map(([job, atLeast]) => ({ peer, job: job as ComparedJob, atLeast, ours }));
}

export function goalOf(job: JobId, provider: ProviderName): Goal | undefined {
  return goals.find((goal) => goal.job === job && goal.provider === provider);
}
