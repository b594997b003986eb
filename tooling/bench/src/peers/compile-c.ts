import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** All C files of a folder, made one program with libraries that pkg-config knows. @returns also the version of the first library */
export async function compileC(options: {
  readonly sources: string;
  readonly program: string;
  readonly libraries: readonly [string, ...string[]];
  /** Where the program is put. */
  readonly folder: string;
}): Promise<{ readonly program: string; readonly version: string }> {
  const { sources, libraries, folder } = options;
  const [library] = libraries;
  const { stdout: version } = await pkgConfig(['--modversion', library]);
  const { stdout: flags } = await pkgConfig(['--cflags', '--libs', ...libraries]);
  await mkdir(folder, { recursive: true });
  const program = join(folder, options.program);
  const files = globSync('*.c', { cwd: sources });
  // GNU C is C and POSIX, whose clock is needed.
  const args = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-o', program, ...files, ...flags.trim().split(/\s+/)];
  await run('cc', args, { cwd: sources });
  return { program, version: version.trim() };
}

function pkgConfig(args: readonly string[]) {
  return run('pkg-config', ['--silence-errors', ...args]);
}
