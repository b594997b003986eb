import { Draw } from './draw.ts';
import { ACCEPTED, type Input, type Target } from './target.ts';

/** A single run may take this long, in milliseconds, before it counts as a way to keep a client busy. */
const MAX_RUN = 2_000;

/** The heap may be larger by so many bytes after all runs than after the first tenth of them. */
const MAX_GROWTH = 24 * 2 ** 20;

const REPORTED_DEFECTS = 5;

/** Something that must not happen, with what it takes to see it again. */
export interface Defect {
  readonly run: number;
  readonly what: string;
  readonly input?: Input;
}

export interface FuzzResult {
  readonly target: string;
  readonly runs: number;
  readonly accepted: number;
  readonly refused: number;
  /** How often each outcome came. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** The run that took longest. */
  readonly slowest: { readonly milliseconds: number; readonly run: number };
  /** Bytes or characters of the largest input. */
  readonly largest: number;
  /** Bytes by which the heap is larger at the end; undefined where memory cannot be collected on demand. */
  readonly growth: number | undefined;
  readonly seconds: number;
  readonly defects: readonly Defect[];
}

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** Number of the first run. */
  readonly from?: number;
  /** Told the number of a run before it starts. */
  readonly onRun?: (run: number) => void;
}

/** Feeds a target. Every outcome but a value and a typed refusal is a defect, and so is a run that takes too long. */
export async function fuzzTarget(target: Target, options: FuzzOptions): Promise<FuzzResult> {
  const { seed, runs, from = 0, onRun } = options;
  const opened = await target.open();
  const outcomes = new Map<string, number>();
  const defects: Defect[] = [];
  let slowest = { milliseconds: 0, run: from };
  let largest = 0;
  let settled: number | undefined;
  const started = performance.now();
  for (let run = from; run < from + runs && defects.length < REPORTED_DEFECTS; run++) {
    onRun?.(run);
    if (run - from === Math.floor(runs / 10)) settled = heapAfterCollection();
    const input = opened.generate(new Draw(seed, target.name, run));
    largest = Math.max(largest, input.length);
    const began = performance.now();
    try {
      const running = opened.run(input);
      // Waiting where nothing is to be waited for would be most of the time of a million runs.
      const outcome = typeof running === 'string' ? running : await running;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      defects.push({ run, what: error instanceof Error ? (error.stack ?? error.message) : String(error), input });
    }
    const milliseconds = performance.now() - began;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, run };
    if (milliseconds > MAX_RUN) defects.push({ run, what: `took ${Math.round(milliseconds)} ms`, input });
  }
  const now = heapAfterCollection();
  const growth = now === undefined || settled === undefined ? undefined : now - settled;
  if (growth !== undefined && growth > MAX_GROWTH)
    defects.push({ run: from + runs, what: `the heap grew by ${growth} bytes` });
  const count = (wanted: boolean) =>
    [...outcomes]
      .filter(([outcome]) => outcome.startsWith(ACCEPTED) === wanted)
      .reduce((sum, [, times]) => sum + times, 0);
  const seconds = (performance.now() - started) / 1_000;
  return {
    ...{ target: target.name, runs, accepted: count(true), refused: count(false), outcomes },
    ...{ slowest, largest, growth, seconds, defects },
  };
}

function heapAfterCollection(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
