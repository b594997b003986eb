import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ProviderResult } from './measure/measure-jobs.ts';
import type { Task } from './worker.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
/** Preloaded, it gives a process the primitives of noble. */
export const nobleHook: string = new URL('noble-provider-hook.ts', import.meta.url).href;

/** The collector's own threads starve on a busy machine, and whoever waits for them with them: it works in the main thread, for all alike. */
const ENGINE = ['--single-threaded-gc'];

/** Measures in a process of its own, where everything that imports primitives gets those of one provider. */
export async function measureInProcess(task: Task): Promise<ProviderResult> {
  const hook = task.provider === 'noble' ? ['--import', nobleHook] : [];
  const worker = spawn(process.execPath, [...ENGINE, '--conditions=@omemo-kit/source', ...hook, WORKER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  worker.stdin.end(JSON.stringify(task));
  const [output, [code]] = await Promise.all([text(worker.stdout), once(worker, 'close')]);
  if (code !== 0) throw new TypeError(`the measurement with ${task.provider} ended with ${code}`);
  return JSON.parse(output) as ProviderResult;
}
