import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkWriter } from './process-host.ts';
import type { WriterHost } from './writer-host.ts';

/** Processes on one database file. */
export async function sqliteHost(): Promise<WriterHost> {
  const directory = await mkdtemp(join(tmpdir(), 'omemo-writers-'));
  const location = { backend: 'sqlite', file: join(directory, 'account.db') } as const;
  return {
    name: 'SQLite, processes',
    start: async (options, tell) => forkWriter(location, options, tell),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
