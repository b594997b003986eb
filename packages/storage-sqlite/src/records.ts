import { type Batch, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';
import { isBusy } from './result-code.ts';
import { rollBack } from './roll-back.ts';
import { refuseNewer } from './schema.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-driver.ts';
import { commitFailure, storeFailure } from './store-failure.ts';

/** A page of a listing ends after this many records or bytes of values. */
const pageRecords = 256;
const pageBytes = 1 << 20;

export interface Page {
  readonly records: readonly StoredRecord[];
  /** Whether nothing came after it. */
  readonly isLast: boolean;
}

/** As drivers give it: blobs as `Uint8Array` or a class of their own below it; some have null for an empty one. */
interface Row {
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly version: number;
  readonly revision: Uint8Array;
}

/**
 * The records of a database, through statements that are compiled once. Every call does its work in one go and leaves
 * neither a transaction nor a statement open, whatever happens. Throws `StoreError`, or as the driver does when the
 * database is busy: nothing has happened then.
 */
export class Records {
  readonly #database: SqliteDatabase;
  readonly #begin: SqliteStatement;
  readonly #beginImmediate: SqliteStatement;
  readonly #commit: SqliteStatement;
  readonly #userVersion: SqliteStatement;
  readonly #read: SqliteStatement;
  readonly #readRange: SqliteStatement;
  readonly #readRevision: SqliteStatement;
  readonly #write: SqliteStatement;
  readonly #insert: SqliteStatement;
  readonly #replace: SqliteStatement;
  readonly #remove: SqliteStatement;
  /** Whether a commit failed so that its frames may lie in the WAL, unseen until a crash. */
  #isUnsettled = false;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#begin = database.prepare('BEGIN');
    this.#beginImmediate = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#userVersion = database.prepare('PRAGMA user_version');
    const columns = 'SELECT key, value, version, revision FROM records';
    this.#read = database.prepare(`${columns} WHERE key = ?`);
    this.#readRange = database.prepare(`${columns} WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`);
    this.#readRevision = database.prepare('SELECT revision FROM records WHERE key = ?');
    // An empty array reaches SQLite as NULL through some drivers.
    const insert = "INSERT INTO records (value, version, revision, key) VALUES (coalesce(?, x''), ?, ?, ?)";
    this.#write = database.prepare(`
      ${insert}
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version, revision = excluded.revision
    `);
    this.#insert = database.prepare(`${insert} ON CONFLICT (key) DO NOTHING`);
    this.#replace = database.prepare(`
      UPDATE records SET value = coalesce(?, x''), version = ?, revision = ? WHERE key = ? AND revision = ?
    `);
    this.#remove = database.prepare('DELETE FROM records WHERE key = ?');
  }

  /** All from one moment. */
  read(keys: readonly string[]): (StoredRecord | undefined)[] {
    const readAll = (): (StoredRecord | undefined)[] =>
      keys.map((key) => {
        const row = this.#read.get(key) as Row | undefined;
        return row === undefined ? undefined : recordOf(row);
      });
    return keys.length <= 1 ? this.#reading(readAll) : this.#reading(() => this.#inTransaction(readAll));
  }

  /** The first records under these whole segments after the key `after`, in byte order. */
  page(prefix: string, after: string | undefined): Page {
    // `a/b` itself comes before, not at the head of, the range of `a/b/...`: `a/b-c` and `a/b%40` sort in between.
    const own = prefix !== '' && after === undefined ? this.read([prefix])[0] : undefined;
    if (own !== undefined) return { records: [own], isLast: false };
    const first = prefix === '' ? '' : `${prefix}/`;
    // A space is below every character of a key, so `after + ' '` is a lower bound that leaves only `after` itself out.
    const from = after === undefined || after < first ? first : `${after} `;
    // `0` is the character after `/`, DEL the one after all of them.
    const below = prefix === '' ? '\u007f' : `${prefix}0`;
    return this.#reading(() => {
      const records: StoredRecord[] = [];
      let bytes = 0;
      for (const row of this.#readRange.iterate(from, below, pageRecords)) {
        const record = recordOf(row as Row);
        records.push(record);
        bytes += record.value.length;
        if (bytes >= pageBytes) return { records, isLast: false };
      }
      return { records, isLast: records.length < pageRecords };
    });
  }

  /** Applies a well-formed batch durably, or changes nothing; with `indeterminate` it may be either. */
  apply(batch: Batch): void {
    this.#settle();
    try {
      this.#beginImmediate.run();
    } catch (error) {
      throw storeFailure(error);
    }
    try {
      this.#change(batch);
    } catch (error) {
      rollBack(this.#database);
      throw storeFailure(error);
    }
    this.#commitWritten();
  }

  #change({ id, expect, put, remove }: Batch): void {
    refuseNewer(this.#schemaVersion());
    const expected = new Map(expect.map(({ key, revision }) => [key, revision]));
    const keys: string[] = [];
    for (const record of put) {
      if (!this.#put(record, id, expected.get(record.key))) keys.push(record.key);
      expected.delete(record.key);
    }
    for (const [key, revision] of expected) if (!this.#holds(key, revision)) keys.push(key);
    if (keys.length > 0) throw new StoreError('conflict', `${keys.length} records are not as expected`, { keys });
    for (const key of remove) this.#remove.run(key);
  }

  /**
   * Writes a record unless it is another than expected. Asking and writing in one statement takes 4.0 us a row, in two it is 6.8
   * (a thousand rows, node:sqlite of Node 26).
   */
  #put(
    { key, value, version }: Batch['put'][number],
    id: Uint8Array,
    expected: Uint8Array | null | undefined,
  ): boolean {
    let done: ReturnType<SqliteStatement['run']>;
    if (expected === undefined) done = this.#write.run(value, version, id, key);
    else if (expected === null) done = this.#insert.run(value, version, id, key);
    else done = this.#replace.run(value, version, id, key, expected);
    return done.changes > 0;
  }

  #holds(key: string, revision: Uint8Array | null): boolean {
    const row = this.#readRevision.get(key) as Pick<Row, 'revision'> | undefined;
    if (row === undefined || revision === null) return row === undefined && revision === null;
    return sameBytes(row.revision, revision);
  }

  #commitWritten(): void {
    try {
      this.#commit.run();
    } catch (error) {
      rollBack(this.#database);
      const failure = commitFailure(error);
      this.#isUnsettled = failure instanceof StoreError && failure.code === 'indeterminate';
      throw failure;
    }
  }

  /**
   * Makes it certain that a commit that failed in the middle has not happened. Its frames may be whole in the WAL though no
   * connection sees them; the next frame written overwrites the first of them, and all that follow lose their checksum.
   */
  #settle(): void {
    if (!this.#isUnsettled) return;
    try {
      this.#beginImmediate.run();
      // Writes the first page, as it is.
      this.#database.exec(`PRAGMA user_version = ${this.#schemaVersion()}`);
      this.#commit.run();
    } catch (cause) {
      rollBack(this.#database);
      if (isBusy(cause)) throw cause;
      throw new StoreError('unavailable', 'it is still open whether the last commit happened', { cause });
    }
    this.#isUnsettled = false;
  }

  #schemaVersion(): number {
    return (this.#userVersion.get() as { user_version: number }).user_version;
  }

  #reading<T>(work: () => T): T {
    this.#settle();
    try {
      return work();
    } catch (error) {
      throw storeFailure(error);
    }
  }

  #inTransaction<T>(work: () => T): T {
    this.#begin.run();
    try {
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      rollBack(this.#database);
      throw error;
    }
  }
}

/** A loop: `every` calls a function for each byte. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Copies the bytes: a driver's own class, and memory it may share among blobs, stay inside. */
function recordOf({ key, value, version, revision }: Row): StoredRecord {
  return { key, value: new Uint8Array(value ?? []), version, revision: new Uint8Array(revision) };
}
