import { type PostgresServer, postgresAvailability, startPostgres } from '@omemo-kit/backends/postgres';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { migratePostgres, PostgresStore } from '@omemo-kit/storage-postgres';
import { storeConformance } from '@omemo-kit/store-conformance';
import { Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';

// A place is a schema, in a database whose language orders texts otherwise than by bytes. The openers of a place have a pool each,
// which the next place takes over: connecting is most of the time otherwise.
describeBackend(postgresAvailability(), 'a real server', () => {
  let server: PostgresServer;
  let database: string;
  let pools: Pool[] = [];
  const openers = new Map<string, number>();

  beforeAll(async () => {
    server = await startPostgres();
    database = (await server.createDatabase('dictionary order')).database;
  });
  const endPools = async (): Promise<void> => {
    const ending = pools;
    pools = [];
    await Promise.all(ending.map((pool) => pool.end()));
  };
  afterAll(async () => {
    await endPools();
    await server?.stop();
  });

  storeConformance({
    name: 'PostgresStore',
    open: async (place) => {
      const opener = openers.get(place) ?? 0;
      openers.set(place, opener + 1);
      pools[opener % 3] ??= new Pool({ ...server.connection(database), max: 4 });
      const pool = pools[opener % 3]!;
      if (opener === 0) await migratePostgres(pool, { schema: place });
      return PostgresStore.open({ pool, schema: place });
    },
    crash: async () => {
      await server.crash();
      await endPools();
      await server.restart();
    },
    makeNewer: async (place) => {
      await server.run(`UPDATE "${place}".layout SET version = 2`, database);
    },
    // How much room there is, is the server's matter.
    lacks: ['small place'],
  });
});
