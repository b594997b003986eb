import { StoreError } from '@omemo-kit/omemo-core/ports';
import { messageOf, withClient } from './borrowed-client.ts';
import { createLayout, defaultSchema, layoutVersion, quoteSchema } from './layout.ts';
import type { PostgresPool } from './postgres-pool.ts';
import { readLayoutVersion } from './read-layout.ts';
import { hasCode, sqlStateOf } from './sql-state.ts';

export interface MigrateOptions {
  /** Schema to make or migrate, `omemo_kit` by default. It is made when the database has none of that name. */
  readonly schema?: string;
}

/**
 * Makes the tables, or brings those of an older release to the layout of this one. Does nothing when that is done already, and
 * any number of processes may call it at once: they take turns. Needs the right to create in the schema, or to create it;
 * workers need less.
 *
 * @throws StoreError `newer-schema`: a newer release has migrated it, nothing was changed; `unavailable`: there is no connection,
 * or a right is missing, nothing was changed; `quota`; `indeterminate`: the connection died on the way; call it again.
 */
export async function migratePostgres(pool: PostgresPool, options: MigrateOptions = {}): Promise<void> {
  const { schema = defaultSchema } = options;
  const quoted = quoteSchema(schema);
  await withClient(pool, async (client) => {
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      await client.query('SET LOCAL synchronous_commit = on');
      // Held until the end of the transaction; the next one in line then finds the work done.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`omemo-kit migration of ${schema}`]);
      const { rows } = await client.query('SELECT to_regnamespace($1) IS NULL AS missing', [quoted]);
      if (rows[0].missing) await client.query(`CREATE SCHEMA ${quoted}`);
      const found = await readLayoutVersion(client, quoted);
      if (found !== undefined && found > layoutVersion) {
        throw new StoreError(
          'newer-schema',
          `schema ${schema} has layout ${found}; this release knows ${layoutVersion}`,
        );
      }
      if (found === undefined) await client.query(createLayout(quoted));
      await client.query('COMMIT');
    } catch (error) {
      throw migrationError(error, schema);
    }
  });
}

function migrationError(error: unknown, schema: string): StoreError {
  if (error instanceof StoreError) return error;
  const message = `schema ${schema} could not be migrated: ${messageOf(error)}`;
  if (hasCode(error, '53100')) return new StoreError('quota', message, { cause: error });
  const code = sqlStateOf(error) === undefined ? 'indeterminate' : 'unavailable';
  return new StoreError(code, message, { cause: error });
}
