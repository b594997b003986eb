import { median, type Spread, spreadOf } from '../measure/statistics.ts';
import { type ComparedJob, comparedJobs } from './implementation.ts';
import type { MeasuringProcess } from './process.ts';
import { startAll } from './start-peers.ts';

export interface Comparison {
  readonly name: string;
  readonly differs: string;
  readonly jobs: Readonly<
    Partial<Record<ComparedJob, { readonly us: number /** theirs / ours, round by round */; readonly ratio: Spread }>>
  >;
}

export interface ComparisonResult {
  readonly rounds: number;
  readonly rows: readonly Comparison[];
  /** Who could not be measured, and why. */
  readonly missing: readonly string[];
}

const SAMPLE_US = 40_000;
const MOST_UNITS = 400;
const WARM_UPS = 6;

/** Each in a process of its own, one at work at a time, in rounds. Everything is compared with the first, which is ours. */
export async function comparePeers(rounds: number): Promise<ComparisonResult> {
  const { running, missing } = await startAll();
  try {
    const measured = new Map<ComparedJob, readonly (readonly number[])[]>();
    for (const job of comparedJobs) measured.set(job, await inRounds(running, job, rounds));
    return { rounds, rows: running.map((peer, index) => rowOf(peer, index, measured)), missing };
  } finally {
    for (const peer of running) await peer.end();
  }
}

function rowOf(
  { name, differs }: MeasuringProcess,
  index: number,
  measured: ReadonlyMap<ComparedJob, readonly (readonly number[])[]>,
): Comparison {
  const entries = [...measured].flatMap(([job, columns]) => {
    const [ours = []] = columns;
    const column = columns[index] ?? [];
    if (column.length === 0 || column.length !== ours.length) return [];
    const ratio = spreadOf(column.map((us, round) => us / (ours[round] ?? Number.NaN)));
    return [[job, { us: median(column), ratio }] as const];
  });
  return { name, differs, jobs: Object.fromEntries(entries) };
}

/** Microseconds for one unit in each round, for each process; nothing for one that cannot do the job. */
async function inRounds(running: readonly MeasuringProcess[], job: ComparedJob, rounds: number): Promise<number[][]> {
  const sizes: number[] = [];
  for (const peer of running) sizes.push(await unitsFor(peer, job));
  const columns: number[][] = running.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, peer] of running.entries()) {
      const units = sizes[index] ?? 0;
      const us = units === 0 ? undefined : await peer.measure({ job, units });
      if (us !== undefined) columns[index]?.push(us);
    }
  }
  return columns;
}

/** Warms it up; how many units make a sample, 0 where it cannot do the job. */
async function unitsFor(peer: MeasuringProcess, job: ComparedJob): Promise<number> {
  let units = 1;
  for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) {
    const us = await peer.measure({ job, units });
    if (us === undefined) return 0;
    units = Math.max(1, Math.min(MOST_UNITS, Math.round(SAMPLE_US / us)));
  }
  return units;
}
