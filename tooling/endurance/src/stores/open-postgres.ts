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
    integrityProblems: () => tableProblems(pool),
    close: async () => {
      await store.close();
      await pool.end();
    },
  };
}

/**
 * What amcheck finds in the tables and indexes of the store: a server that was killed has to come back with all of them
 * sound. Needs a superuser.
 */
async function tableProblems(pool: Pool): Promise<readonly string[]> {
  await pool.query('CREATE EXTENSION IF NOT EXISTS amcheck');
  const tables = await pool.query(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'omemo_kit'::regnamespace AND relkind = 'r'`,
  );
  const problems: string[] = [];
  for (const { name } of tables.rows as { name: string }[]) {
    const found = await pool.query('SELECT blkno, offnum, msg FROM verify_heapam($1::regclass)', [name]);
    problems.push(...found.rows.map((row) => `${name}: ${JSON.stringify(row)}`));
    try {
      await pool.query('SELECT bt_index_check(indexrelid, true) FROM pg_index WHERE indrelid = $1::regclass', [name]);
    } catch (error) {
      problems.push(`an index of ${name}: ${String(error)}`);
    }
  }
  return problems;
}
