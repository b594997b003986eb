import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory that is there until the test is over. */
export async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'omemo-kit-cli-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Variables that put the data directory of a process into a temporary one, whatever the system. */
export async function temporaryDataDirectory() {
  const path = await temporaryDirectory();
  return { XDG_DATA_HOME: path, LOCALAPPDATA: path, HOME: path };
}
