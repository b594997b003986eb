import { startPostgres } from '@omemo-kit/backends/postgres';
import { forkWriter } from './process-host.ts';
import type { WriterHost } from './writer-host.ts';

/** Processes on one database of a PostgreSQL server that is started for them. */
export async function postgresHost(): Promise<WriterHost> {
  const server = await startPostgres();
  const { host, port, user, database } = await server.createDatabase();
  const connectionString = `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`;
  const location = { backend: 'postgres', connectionString } as const;
  return {
    name: 'PostgreSQL, processes',
    start: async (options, tell) => forkWriter(location, options, tell),
    close: () => server.stop(),
  };
}
