import { migratePostgres, PostgresStore } from '@omemo-kit/storage-postgres';
import { Pool } from 'pg';
import type { OpenedStore } from './opened-store.ts';
import type { PostgresLocation } from './store-location.ts';

/** A pool of its own for the store; the schema is made or brought up to date first. */
export async function openPostgres({ connectionString }: PostgresLocation): Promise<OpenedStore> {
  const pool = new Pool({ connectionString, max: 4 });
  // Without a listener the end of an idle connection would end the process: the next query tells of it all the same.
  pool.on('error', () => {});
  await migratePostgres(pool);
  const store = await PostgresStore.open({ pool });
  return {
    store,
    // The server has no check of its own that a client may ask for: every page is read instead.
    integrityProblems: async () => {
      for await (const record of store.list('')) void record;
      return [];
    },
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}
