import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Report } from '../victim/messages.ts';
import type { ProcessOptions } from '../victim/process.ts';
import type { RunningVictim } from './victim-host.ts';

const PROGRAM = fileURLToPath(new URL('../victim/process.ts', import.meta.url));

/** Starts a victim in a process of its own. */
export function spawnVictim(options: ProcessOptions, tell: (report: Report) => void): RunningVictim {
  const child = spawn(process.execPath, ['--conditions=@omemo-kit/source', PROGRAM, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Most of a short life is loading code.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'omemo-crash-code') },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  // It may be dead before it has read what it was told.
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    const report = readReport(line);
    if (report !== undefined) tell(report);
  });
  const read = new Promise<void>((resolve) => lines.once('close', resolve));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = Promise.all([read, exited]).then(() => errors);
  return {
    ended,
    post: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Undefined for the line that the kill cut short: it was not told. */
function readReport(line: string): Report | undefined {
  try {
    return JSON.parse(line) as Report;
  } catch {
    return undefined;
  }
}
