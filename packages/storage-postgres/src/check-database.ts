import { StoreError } from '@omemo-kit/omemo-core/ports';
import { layoutVersion } from './layout.ts';
import type { PostgresClient } from './postgres-pool.ts';
import { readLayoutVersion } from './read-layout.ts';

export interface DatabaseCheck {
  readonly schema: string;
  readonly quotedSchema: string;
  readonly withoutFsync: 'refuse' | 'accept';
}

/** Refuses a database on which the store could not keep what it promises. @throws StoreError `unavailable`, `newer-schema`. */
export async function checkDatabase(client: PostgresClient, check: DatabaseCheck): Promise<void> {
  const { schema, quotedSchema, withoutFsync } = check;
  const { rows } = await client.query(
    `SELECT current_setting('fsync') AS fsync, current_setting('transaction_isolation') AS isolation`,
  );
  const { fsync, isolation } = rows[0];
  if (fsync !== 'on' && withoutFsync === 'refuse') {
    throw new StoreError(
      'unavailable',
      'the server runs with fsync off: a power cut would take back commits or destroy it',
    );
  }
  if (isolation !== 'read committed') throw isolationError(isolation);
  const found = await readLayoutVersion(client, quotedSchema);
  if (found === undefined) {
    throw new StoreError('unavailable', `schema ${schema} has no tables of omemo-kit: call migratePostgres first`);
  }
  if (found < layoutVersion) {
    throw new StoreError(
      'unavailable',
      `schema ${schema} has layout ${found} of an older release: call migratePostgres first`,
    );
  }
  if (found > layoutVersion) throw newerLayout();
}

export function newerLayout(): StoreError {
  return new StoreError(
    'newer-schema',
    `the tables were migrated by another release; this one knows layout ${layoutVersion}`,
  );
}

export function isolationError(isolation?: string): StoreError {
  const found = isolation === undefined ? '' : `, not ${isolation}`;
  return new StoreError(
    'unavailable',
    `transactions must be READ COMMITTED by default${found}: set default_transaction_isolation for the role, or in the options of the connection`,
  );
}
