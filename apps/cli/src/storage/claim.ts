import { DatabaseSync } from 'node:sqlite';
import { makePrivateFile } from './private-file.ts';

/** What one process has and no other one gets. */
export interface Claim {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Claims what this file stands for; undefined while somebody else has it, in this process or in another one. The file
 * stays when the claim has gone.
 *
 * Node locks no files, SQLite does, on every system, and the system gives such a lock back however its process ends: there
 * is nothing stale to be found out about.
 */
export async function claim(file: string): Promise<Claim | undefined> {
  await makePrivateFile(file, 'kept');
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
