import { type Compared, priceIn, ratioIn } from '../measure/compared.ts';
import { type Contender, interleave, type Round } from '../measure/interleave.ts';
import type { Spread } from '../measure/statistics.ts';
import { type PeerGoal, peerGoals } from '../report/goals.ts';
import { type ComparedJob, comparedJobs } from './implementation.ts';
import type { MeasuringProcess } from './process.ts';
import type { Request } from './serve.ts';
import { startAll } from './start-peers.ts';

export interface Comparison {
  readonly name: string;
  readonly differs: string;
  /** With theirs / ours as the ratio; without those that it cannot do. */
  readonly jobs: Readonly<Partial<Record<ComparedJob, Compared>>>;
}

export interface ComparisonResult {
  readonly rounds: number;
  readonly rows: readonly Comparison[];
  readonly goals: readonly MeasuredGoal[];
  /** Who could not be measured, and why. */
  readonly missing: readonly string[];
}

/** A goal with their time / ours, where both were measured. */
export interface MeasuredGoal extends PeerGoal {
  readonly ratio?: Spread;
}

export interface ComparisonEffort {
  readonly rounds: number;
  /** Of work, before each job. */
  readonly warmUpMs: number;
}

const SAMPLE_US = 40_000;
const MOST_UNITS = 1_000;
/** Of a sample. */
const WAKING = 0.25;
/** Where the number is what the job is about. */
const FIXED_UNITS: Readonly<Partial<Record<ComparedJob, number>>> = { g: 1_000 };
/** Rounds of a job that takes long, of those of the others. */
const SHARE_OF_ROUNDS: Readonly<Partial<Record<ComparedJob, number>>> = { g: 0.25 };

/** Each in a process of its own, one at work at a time, in rounds. Everything is compared with the first, which is ours. */
export async function comparePeers(effort: ComparisonEffort): Promise<ComparisonResult> {
  const { rounds } = effort;
  const { running, missing } = await startAll();
  try {
    const measured = new Map<ComparedJob, readonly Round[]>();
    for (const job of comparedJobs) {
      const contenders: Contender[] = [];
      for (const peer of running) contenders.push(...(await contenderFor(peer, job, effort.warmUpMs)));
      const share = Math.ceil(rounds * (SHARE_OF_ROUNDS[job] ?? 1));
      measured.set(job, await interleave(contenders, { rounds: share }));
    }
    const ours = running[0]?.name ?? '';
    const rows = running.map((peer) => rowOf(peer, ours, measured));
    return { rounds, rows, goals: peerGoals.map((goal) => measuredGoal(goal, measured)), missing };
  } finally {
    for (const peer of running) await peer.end();
  }
}

function rowOf(
  { name, differs }: MeasuringProcess,
  ours: string,
  measured: ReadonlyMap<ComparedJob, readonly Round[]>,
): Comparison {
  const entries = [...measured].flatMap(([job, rounds]) => {
    if (!rounds.every((round) => name in round && ours in round)) return [];
    return [[job, { us: priceIn(rounds, name), ratio: ratioIn(rounds, name, ours) }] as const];
  });
  return { name, differs, jobs: Object.fromEntries(entries) };
}

function measuredGoal(goal: PeerGoal, measured: ReadonlyMap<ComparedJob, readonly Round[]>): MeasuredGoal {
  const rounds = measured.get(goal.job) ?? [];
  const peer = Object.keys(rounds[0] ?? {}).find((name) => name.startsWith(`${goal.peer} `));
  const both = peer !== undefined && rounds.length > 0 && rounds.every((round) => peer in round && goal.ours in round);
  return both ? { ...goal, ratio: ratioIn(rounds, peer, goal.ours) } : goal;
}

/** Warmed up; nobody where it cannot do the job. */
async function contenderFor(peer: MeasuringProcess, job: ComparedJob, warmUpMs: number): Promise<readonly Contender[]> {
  const units = await unitsFor(peer, job, warmUpMs);
  return units === 0 ? [] : [{ name: peer.name, sample: () => awake(peer, { job, units }) }];
}

/** After a rest the first milliseconds are slow: the caches have what others needed, and the engine has tidied up. */
async function awake(peer: MeasuringProcess, request: Request): Promise<number | undefined> {
  await peer.measure({ ...request, units: Math.ceil(request.units * WAKING) });
  return peer.measure(request);
}

/** Warms it up; how many units make a sample, 0 where it cannot do the job. */
async function unitsFor(peer: MeasuringProcess, job: ComparedJob, warmUpMs: number): Promise<number> {
  const fixed = FIXED_UNITS[job];
  let units = fixed ?? 1;
  for (let spentUs = 0; spentUs < warmUpMs * 1000; ) {
    const us = await peer.measure({ job, units });
    if (us === undefined) return 0;
    spentUs += us * units;
    units = fixed ?? Math.max(1, Math.min(MOST_UNITS, Math.round(SAMPLE_US / us)));
  }
  return units;
}
