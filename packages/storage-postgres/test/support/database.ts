import { type ConnectionOptions, type PostgresServer, startPostgres } from '@omemo-kit/backends/postgres';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';

/** A server and a database for the block it is called in, and pools that end with it. */
export function useDatabase(settings: Readonly<Record<string, string>> = {}) {
  let server: PostgresServer;
  let connection: ConnectionOptions;
  const pools: Pool[] = [];
  beforeAll(async () => {
    server = await startPostgres({ settings });
    connection = await server.createDatabase();
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await server?.stop();
  });
  return {
    server: () => server,
    run: (statements: string) => server.run(statements, connection.database),
    /** A pool that nobody listens to, so that an error event would end the process. */
    pool: (options: object = {}): Pool => {
      const pool = new Pool({ ...connection, max: 8, ...options });
      pools.push(pool);
      return pool;
    },
    /** Runs the work with a connection of somebody who knows nothing of the store. */
    outsider: async (work: (client: Client) => Promise<void>): Promise<void> => {
      const client = new Client(connection);
      client.on('error', () => {});
      await client.connect();
      await work(client).finally(() => client.end());
    },
    /** Until so many wait for a lock. */
    untilWaiting: async (count = 1): Promise<void> => {
      const question = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
      while ((await server.run(question)).length < count);
    },
  };
}
