import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CoreOptions, CoreResult } from './core/measure-core.ts';
import type { Choice, ChosenWays } from './limit/chosen-ways.ts';
import type { MeasuredJob, Task } from './measure/measure-job.ts';
import type { ProviderName } from './provider.ts';

/** Preloaded, it gives a process the primitives of noble. */
export const nobleHook: string = new URL('noble-provider-hook.ts', import.meta.url).href;

/** The collector's own threads starve on a busy machine, and whoever waits for them with them: it works in the main thread, for all alike. */
const ENGINE = ['--single-threaded-gc'];

export async function jobInProcess(task: Task): Promise<MeasuredJob> {
  return (await inProcess(new URL('worker.ts', import.meta.url), task.provider, task)) as MeasuredJob;
}

/** The ways are tried in a process of their own: in that of a job those that lost would stand in the engine's way. */
export async function waysInProcess(choice: Choice): Promise<ChosenWays> {
  return (await inProcess(new URL('limit/choose-worker.ts', import.meta.url), choice.provider, choice)) as ChosenWays;
}

export async function coreInProcess(provider: ProviderName, options: CoreOptions): Promise<readonly CoreResult[]> {
  return (await inProcess(new URL('core/core-worker.ts', import.meta.url), provider, options)) as readonly CoreResult[];
}

/** Measures in a process of its own, where everything that imports primitives gets those of one provider. */
async function inProcess(worker: URL, provider: ProviderName, task: object): Promise<unknown> {
  const hook = provider === 'noble' ? ['--import', nobleHook] : [];
  const path = fileURLToPath(worker);
  const child = spawn(process.execPath, [...ENGINE, '--conditions=@omemo-kit/source', ...hook, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(task));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (code !== 0) throw new TypeError(`the measurement with ${provider} ended with ${code}`);
  return JSON.parse(output);
}
