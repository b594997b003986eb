import { parentPort, workerData } from 'node:worker_threads';
import { type FuzzOptions, fuzzTarget } from './fuzz-target.ts';
import { targets } from './targets/index.ts';

/** What a worker is asked to do. `progress[0]` is the run that it is at, for whoever watches it. */
export interface Job extends Pick<FuzzOptions, 'seed' | 'runs' | 'from'> {
  readonly target: string;
  readonly progress: Int32Array<SharedArrayBuffer>;
}

const { target: name, progress, ...options } = workerData as Job;
const target = targets.find((one) => one.name === name);
if (target === undefined) throw new RangeError(`there is no target ${name}`);
const result = await fuzzTarget(target, { ...options, onRun: (run) => Atomics.store(progress, 0, run) });
parentPort?.postMessage(result);
