import {
  type Batch,
  checkBatch,
  checkKey,
  type Store,
  type StoredRecord,
  StoreError,
} from '@omemo-kit/omemo-core/ports';
import { openDatabase } from './open-database.ts';
import { Records } from './records.ts';
import { resultCodeOf } from './result-code.ts';
import { builtInDriver, type SqliteDatabase, type SqliteDriver } from './sqlite-driver.ts';
import { storeFailure } from './store-failure.ts';
import { Turns } from './turns.ts';

export interface SqliteOptions {
  /** Path of the database, made when there is none; `:memory:` for one that is gone with the store. */
  readonly file: string;
  /** `Database` of better-sqlite3; `DatabaseSync` of node:sqlite by default. */
  readonly Database?: SqliteDriver;
  /** How long a call waits for other connections that have the database locked, milliseconds; 10,000 by default. */
  readonly busyTimeout?: number;
  /** Most bytes that the file may take, its `-wal` apart; a commit that needs more fails with `quota`. */
  readonly maxBytes?: number;
}

/**
 * The Store port on a SQLite file, which several processes may have open.
 *
 * A commit is one transaction, on the disk when it resolves. Every call rejects with a `StoreError`; busy connections are
 * waited for and end in `unavailable`. Bytes are copied when a call is made. SQLite works synchronously: the event loop
 * stands still while it writes, some milliseconds a commit.
 */
export class SqliteStore implements Store {
  readonly #database: SqliteDatabase;
  readonly #records: Records;
  readonly #turns: Turns;
  #lastCommit: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(database: SqliteDatabase, turns: Turns) {
    this.#database = database;
    this.#records = new Records(database);
    this.#turns = turns;
  }

  /**
   * Opens the file. @throws StoreError `newer-schema`, with nothing written; `corrupt`; `quota`; `unavailable` when it
   * cannot be opened, belongs to another application, stays locked, or there is no driver.
   */
  static async open({ file, Database, busyTimeout = 10_000, maxBytes }: SqliteOptions): Promise<SqliteStore> {
    const driver = Database ?? (await builtInDriver());
    const turns = new Turns(busyTimeout);
    return turns.do(() => {
      const database = openDatabase({ Database: driver, file, maxBytes });
      try {
        return new SqliteStore(database, turns);
      } catch (cause) {
        database.close();
        // Our mark, but not our tables.
        if (resultCodeOf(cause) === 'ERROR') throw new StoreError('corrupt', 'the tables are missing', { cause });
        throw storeFailure(cause);
      }
    });
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.#checkOpen();
    const asked = [...keys];
    for (const key of asked) checkKey(key);
    return this.#do(() => this.#records.read(asked));
  }

  /** An empty prefix lists everything. Between two pages nothing of it is held open. */
  async *list(prefix: string): AsyncGenerator<StoredRecord, void, undefined> {
    this.#checkOpen();
    if (prefix !== '') checkKey(prefix);
    let after: string | undefined;
    for (;;) {
      const page = await this.#do(() => this.#records.page(prefix, after));
      for (const record of page) {
        yield record;
        this.#checkOpen();
      }
      if (page.length === 0) return;
      after = page.at(-1)!.key;
    }
  }

  /** Commits of one store happen in the order of their calls. */
  async commit(batch: Batch): Promise<void> {
    this.#checkOpen();
    checkBatch(batch);
    const own = copyBatch(batch);
    const deadline = this.#turns.deadline();
    // One at a time waits for a busy database, or the event loop would stand still for all of them.
    const done = this.#lastCommit.then(() => this.#do(() => this.#records.apply(own), deadline));
    this.#lastCommit = done.catch(() => undefined);
    return done;
  }

  /** Commits that wait for their turn reject with `closed`. The last one to close a file leaves it without `-wal`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#database.close();
  }

  #do<T>(work: () => T, deadline?: number): Promise<T> {
    return this.#turns.do(() => {
      this.#checkOpen();
      return work();
    }, deadline);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('closed', 'the store was closed');
  }
}

function copyBatch({ id, expect, put, remove }: Batch): Batch {
  return {
    id: new Uint8Array(id),
    expect: expect.map(({ key, revision }) => ({ key, revision: revision && new Uint8Array(revision) })),
    put: put.map(({ key, value, version }) => ({ key, value: new Uint8Array(value), version })),
    remove: [...remove],
  };
}
