import { type PostgresServer, postgresAvailability, startPostgres } from '@omemo-kit/backends/postgres';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { migratePostgres, PostgresStore } from '@omemo-kit/storage-postgres';
import { storeConformance } from '@omemo-kit/store-conformance';
import { Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';

// One cluster, a schema for each place, a pool for each opener, in a database whose language orders texts otherwise than by bytes.
describeBackend(postgresAvailability(), 'a real server', () => {
  let server: PostgresServer;
  let database: string;
  const pools = new Map<string, Pool[]>();

  beforeAll(async () => {
    server = await startPostgres();
    database = (await server.createDatabase('dictionary order')).database;
  });
  afterAll(() => server?.stop());

  const endPools = async (place: string): Promise<void> => {
    const ending = pools.get(place) ?? [];
    pools.delete(place);
    await Promise.all(ending.map((pool) => pool.end()));
  };

  storeConformance({
    name: 'PostgresStore',
    open: async (place) => {
      const pool = new Pool({ ...server.connection(database), max: 4 });
      pools.set(place, [...(pools.get(place) ?? []), pool]);
      await migratePostgres(pool, { schema: place });
      return PostgresStore.open({ pool, schema: place });
    },
    remove: async (place) => {
      await endPools(place);
      await server.run(`DROP SCHEMA IF EXISTS "${place}" CASCADE`, database);
    },
    crash: async (place) => {
      await server.crash();
      await endPools(place);
      await server.restart();
    },
    makeNewer: async (place) => {
      await server.run(`UPDATE "${place}".layout SET version = 2`, database);
    },
    // How much room there is, is the server's matter.
    lacks: ['small place'],
  });
});
