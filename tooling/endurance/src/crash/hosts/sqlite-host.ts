import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnVictim } from './spawn-victim.ts';
import type { VictimHost } from './victim-host.ts';

/** Victims in processes, one after the other on one database file. */
export async function sqliteHost(): Promise<VictimHost> {
  const directory = await mkdtemp(join(tmpdir(), 'omemo-crash-'));
  const location = { backend: 'sqlite', file: join(directory, 'victim.db') } as const;
  return {
    name: 'SQLite',
    start: async (victim, tell) => spawnVictim({ victim, location }, tell),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
