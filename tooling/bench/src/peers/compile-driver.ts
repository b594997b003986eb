import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCES = fileURLToPath(new URL('../../c', import.meta.url));
const LIBRARIES = ['libomemo-c', 'libcrypto'];
const run = promisify(execFile);

/**
 * Compiles the driver of libomemo-c, which takes a second.
 * @param folder where its binary goes
 * @returns path of the binary
 * @throws Error that says what to install
 */
export async function compileDriver(folder: string): Promise<string> {
  const flags = await installed('pkg-config', ['--cflags', '--libs', ...LIBRARIES]);
  const names = await readdir(SOURCES);
  const sources = names.filter((name) => name.endsWith('.c')).map((name) => join(SOURCES, name));
  const binary = join(folder, 'libomemo-c');
  await mkdir(folder, { recursive: true });
  await installed('cc', ['-O2', '-o', binary, ...sources, ...flags.trim().split(/\s+/)]);
  return binary;
}

async function installed(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, args)).stdout;
  } catch (cause) {
    throw new Error('apt-get install -y libomemo-c-dev libssl-dev pkg-config gcc', { cause });
  }
}

/** The library's version. */
export async function libraryVersion(): Promise<string> {
  return (await installed('pkg-config', ['--modversion', LIBRARIES[0] as string])).trim();
}
