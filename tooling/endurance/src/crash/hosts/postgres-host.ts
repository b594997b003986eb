import { startPostgres } from '@omemo-kit/backends/postgres';
import { postgresLocation } from '../../stores/store-location.ts';
import { spawnVictim } from './spawn-victim.ts';
import type { VictimHost } from './victim-host.ts';

/** Victims in processes, one after the other on one database, whose server is what dies first. */
export async function postgresHost(): Promise<VictimHost> {
  const server = await startPostgres();
  const location = postgresLocation(await server.createDatabase());
  return {
    name: 'PostgreSQL',
    server,
    start: async (victim, tell) => spawnVictim({ victim, location }, tell),
    close: () => server.stop(),
  };
}
