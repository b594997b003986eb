import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a directory, and what is missing above it, for this user alone. What is there stays as it is. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    // Node's own `recursive` never returns where a directory cannot be made in one that is there, as in /proc.
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makePrivateDirectory(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/**
 * Makes an empty file that only this user reads and writes. One that is there is refused with EEXIST, or kept with all
 * that is in it, for this user alone from then on.
 */
export async function makePrivateFile(path: string, existing: 'refused' | 'kept'): Promise<void> {
  const handle = await open(path, existing === 'refused' ? 'wx' : 'a', 0o600);
  await handle.close();
  if (existing === 'kept') await chmod(path, 0o600);
}
