import { Worker } from 'node:worker_threads';
import type { FuzzOptions, FuzzResult } from './fuzz-target.ts';
import type { Job } from './worker.ts';

/** Milliseconds that a run may take before its worker is ended: a parser that loops never comes back by itself. */
const HANGS_AFTER = 20_000;

/** A parser that wants more than this wants all there is. */
const MAX_HEAP_MIB = 512;

/** Fuzzes a target in a thread of its own, which is ended when a run hangs, and which dies of a run that takes all memory. */
export function fuzzInWorker(
  target: string,
  options: Pick<FuzzOptions, 'seed' | 'runs' | 'from'>,
): Promise<FuzzResult> {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const workerData: Job = { target, progress, ...options };
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MIB };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData, resourceLimits });
  return new Promise((resolve) => {
    let at = -1;
    let since = Date.now();
    const watch = setInterval(() => {
      const run = Atomics.load(progress, 0);
      if (run !== at) [at, since] = [run, Date.now()];
      else if (Date.now() - since > HANGS_AFTER) end(`hangs: no end after ${HANGS_AFTER} ms`);
    }, 1_000);
    const finish = (result: FuzzResult) => {
      clearInterval(watch);
      resolve(result);
    };
    const end = (what: string) => {
      finish(brokenOff(target, options.runs, { run: Atomics.load(progress, 0), what }));
      void worker.terminate();
    };
    worker.on('message', finish);
    worker.on('error', (error) => end(`the thread died: ${String(error instanceof Error ? error.stack : error)}`));
  });
}

function brokenOff(target: string, runs: number, defect: { readonly run: number; readonly what: string }): FuzzResult {
  return {
    ...{ target, runs, accepted: 0, refused: 0, outcomes: new Map(), slowest: { milliseconds: 0, run: 0 } },
    ...{ largest: 0, growth: undefined, seconds: 0, defects: [defect] },
  };
}
