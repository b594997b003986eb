import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { StoreLocation } from '../stores/open-store.ts';
import type { Report, WriterOptions } from './messages.ts';
import type { ProcessOptions } from './process.ts';
import type { RunningWriter } from './writer-host.ts';

const PROGRAM = fileURLToPath(new URL('./process.ts', import.meta.url));

/** Starts a writer in a process of its own, on a store that it opens itself. */
export function forkWriter(
  location: StoreLocation,
  writer: WriterOptions,
  tell: (report: Report) => void,
): RunningWriter {
  const options: ProcessOptions = { writer, location };
  const child = fork(PROGRAM, [JSON.stringify(options)], {
    execArgv: ['--conditions=@omemo-kit/source'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  child.on('message', (report: Report) => tell(report));
  const ended = once(child, 'close').then(([code]) => (code === 0 ? errors : `${errors}\nended with ${String(code)}`));
  return {
    ended,
    // It may have ended just now, and `ended` tells so.
    post: (order) => void child.send(order, () => {}),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
