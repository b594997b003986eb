import { StoreError } from '@omemo-kit/omemo-core/ports';
import type { SqliteDatabase } from './sqlite-driver.ts';

/** `OMEM` in ASCII: what `file` and we know a store of omemo-kit by. */
const applicationId = 0x4f_4d_45_4d;

/** Layout of the tables, kept as `user_version`. Raised by any change that this code could not read or write. */
const schemaVersion = 1;

/**
 * BINARY compares bytes. STRICT keeps a blob a blob. With a rowid, a value of some kilobytes lies in its page as a whole;
 * WITHOUT ROWID moves all above 1,000 bytes to pages of their own, which doubled the file and the time of reading.
 */
const tables = `
  CREATE TABLE records (
    key TEXT NOT NULL PRIMARY KEY COLLATE BINARY,
    value BLOB NOT NULL,
    version INTEGER NOT NULL,
    revision BLOB NOT NULL
  ) STRICT;
`;

/** Writes the tables into a database that {@link inspect} found `blank`, within a transaction. */
export function createSchema(database: SqliteDatabase): void {
  database.exec(tables);
  database.exec(`PRAGMA application_id = ${applicationId}`);
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
}

/**
 * Whether the database holds our records or nothing at all. Only reads.
 * @throws StoreError `newer-schema`; `unavailable` when it belongs to another application, which must not be touched.
 */
export function inspect(database: SqliteDatabase): 'ours' | 'blank' {
  // Others may make the tables meanwhile, in one transaction, and these are reads of several moments: our mark comes last, so
  // that whoever has seen anything of it sees the mark too.
  const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  const isUnversioned = numberOf(database, 'user_version') === 0;
  const id = numberOf(database, 'application_id');
  if (id === applicationId) {
    refuseNewer(numberOf(database, 'user_version'));
    return 'ours';
  }
  if (id === 0 && isUnversioned && isEmpty) return 'blank';
  throw new StoreError('unavailable', 'the file is a SQLite database of another application; it was left as it is');
}

/** @throws StoreError `newer-schema`. */
export function refuseNewer(version: number): void {
  if (version <= schemaVersion) return;
  const what = `the store has schema ${version}, this release knows up to ${schemaVersion}`;
  throw new StoreError('newer-schema', `${what}; nothing was written`);
}

function numberOf(database: SqliteDatabase, pragma: 'application_id' | 'user_version'): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get() as Record<typeof pragma, number>;
  return row[pragma];
}
