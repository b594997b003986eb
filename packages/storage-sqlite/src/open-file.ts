import { StoreError } from '@omemo-kit/omemo-core/ports';
import { type DatabaseOptions, openDatabase } from './open-database.ts';
import type { SqliteDatabase, SqliteDriver } from './sqlite-driver.ts';

/** The files that stores of this process have open, and with which driver. */
const files = new Map<string, { readonly Database: SqliteDriver; stores: number }>();

export interface OpenedFile {
  readonly database: SqliteDatabase;
  /** Closes the database. */
  readonly release: () => void;
}

/**
 * Opens a file unless another driver has it open. Each driver has a SQLite of its own, and POSIX takes all locks of a
 * process on a file when one of them closes it: the other goes on without, and commits get lost
 * (https://sqlite.org/howtocorrupt.html, 2.2.1).
 */
export function openFile(options: DatabaseOptions): OpenedFile {
  const { Database, file } = options;
  const known = files.get(file);
  if (known !== undefined && known.Database !== Database) {
    throw new StoreError('unavailable', 'this process has the file open with another driver: use one of them only');
  }
  const database = openDatabase(options);
  if (file === ':memory:') return { database, release: () => void database.close() };
  const entry = known ?? { Database, stores: 0 };
  entry.stores++;
  files.set(file, entry);
  return {
    database,
    release: () => {
      entry.stores--;
      if (entry.stores === 0) files.delete(file);
      database.close();
    },
  };
}
