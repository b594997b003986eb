import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackendAvailability } from '@omemo-kit/backends/vitest';

const program = 'strace';

/** Whether system calls of other processes can be watched here. */
export function straceAvailability(): BackendAvailability {
  if (spawnSync(program, ['-V']).status === 0) return { available: true };
  const install = 'apt-get install -y --no-install-recommends strace';
  return { available: false, name: program, reason: 'not installed', install };
}

/** Counts, while `work` runs, what these processes have the kernel flush of files with `part` in their path. */
export async function countSyncs(options: {
  processes: readonly number[];
  part: string;
  work: () => Promise<void>;
}): Promise<number> {
  const { processes, part, work } = options;
  const folder = await mkdtemp(join(tmpdir(), 'omemo-kit-strace-'));
  const output = join(folder, 'calls');
  const pids = processes.flatMap((pid) => ['-p', String(pid)]);
  const strace = spawn(program, ['-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', output, ...pids], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => strace.once('close', resolve));
  try {
    await attached(strace, processes);
    await work();
  } finally {
    strace.kill('SIGINT');
    await ended;
  }
  const calls = (await readFile(output, 'utf8')).split('\n');
  await rm(folder, { recursive: true });
  return calls.filter((call) => /f(?:data)?sync\(/.test(call) && call.includes(part)).length;
}

/** Resolves when each of them is watched, or strace has ended because it could not. */
function attached(strace: ChildProcess, processes: readonly number[]): Promise<void> {
  return new Promise((resolve) => {
    let said = '';
    strace.stderr!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (processes.every((pid) => said.includes(`Process ${pid} attached`))) resolve();
    });
    strace.once('close', () => resolve());
  });
}
