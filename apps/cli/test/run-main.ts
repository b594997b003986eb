import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Below a file no directory can be made: a test that does not say where its records are fails. */
const NO_DATA_DIRECTORY = { XDG_DATA_HOME: `${MAIN}/data`, LOCALAPPDATA: `${MAIN}/data` };

/** Runs the program as `pnpm demo` does, with its output piped, and reads all of that or goes away after the first line. */
export function runMain(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  reads: 'everything' | 'first line only' = 'everything',
): Promise<Ended> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--conditions=@omemo-kit/source', MAIN, ...args], {
    env: { ...inherited, ...NO_DATA_DIRECTORY, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (reads === 'first line only') child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, error }));
  });
}
