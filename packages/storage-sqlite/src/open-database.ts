import { StoreError } from '@omemo-kit/omemo-core/ports';
import { ownerOnly } from './owner-only.ts';
import { resultCodeOf } from './result-code.ts';
import { rollBack } from './roll-back.ts';
import { createSchema, inspect } from './schema.ts';
import { openReadOnly, type SqliteDatabase, type SqliteDriver } from './sqlite-driver.ts';
import { storeFailure } from './store-failure.ts';

export interface DatabaseOptions {
  readonly Database: SqliteDriver;
  readonly file: string;
  /** Most bytes that the database may take, without its `-wal`. */
  readonly maxBytes: number | undefined;
}

/** How long SQLite itself waits for a lock, with the event loop standing still; milliseconds. */
const blockingTimeout = 25;

/** The `-wal` is cut to this when it starts over; it is written back into the database at 1,000 pages anyway. */
const journalSizeLimit = 4 << 20;

/** In force on every connection: none of these is remembered in the file. */
const pragmas = [
  `busy_timeout = ${blockingTimeout}`,
  'synchronous = FULL',
  // On macOS a plain fsync leaves the bytes in the cache of the disk.
  'fullfsync = ON',
  'checkpoint_fullfsync = ON',
  'secure_delete = ON',
  // What SQLite puts aside must not reach a temporary file.
  'temp_store = MEMORY',
  'trusted_schema = OFF',
  'cache_size = -8000',
  'wal_autocheckpoint = 1000',
  `journal_size_limit = ${journalSizeLimit}`,
];

/**
 * Opens the file for reading and writing, made and given its tables when there is none. Throws as the driver does when it
 * is busy, to be called again; otherwise a `StoreError`, with nothing left open.
 */
export function openDatabase(options: DatabaseOptions): SqliteDatabase {
  try {
    const isNew = options.file === ':memory:' || !isThere(options);
    const open = (): SqliteDatabase => new options.Database(options.file);
    const database = isNew ? ownerOnly(open) : open();
    try {
      prepare(database, options);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeFailure(error);
  }
}

/**
 * Looks at the file through a connection that can only read, so that one we must refuse is left as it is: a connection
 * that may write would on its close write back the `-wal` that somebody left.
 */
function isThere({ Database, file }: DatabaseOptions): boolean {
  let database: SqliteDatabase | undefined;
  try {
    database = openReadOnly(Database, file);
    database.exec(`PRAGMA busy_timeout = ${blockingTimeout}`);
    inspect(database);
    return true;
  } catch (error) {
    const code = resultCodeOf(error);
    if (code === 'CANTOPEN') return false;
    // A transaction of another journal mode has to be rolled back first, which takes a connection that may write.
    if (code === 'READONLY') return true;
    throw error;
  } finally {
    database?.close();
  }
}

function prepare(database: SqliteDatabase, { file, maxBytes }: DatabaseOptions): void {
  for (const pragma of pragmas) database.exec(`PRAGMA ${pragma}`);
  const found = inspect(database);
  const { journal_mode } = database.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string };
  if (journal_mode !== 'wal' && file !== ':memory:') {
    throw new StoreError('unavailable', `the file system does not carry WAL mode (it stays in ${journal_mode} mode)`);
  }
  if (found === 'blank') createTables(database);
  if (maxBytes !== undefined) limitSize(database, maxBytes);
}

function createTables(database: SqliteDatabase): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have come first.
    if (inspect(database) === 'blank') createSchema(database);
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function limitSize(database: SqliteDatabase, maxBytes: number): void {
  const { page_size } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  // 0 would mean to leave the limit as it is.
  const pages = Math.max(1, Math.min(Math.floor(maxBytes / page_size), 0xffff_fffe));
  database.exec(`PRAGMA max_page_count = ${pages}`);
}
