import {
  type Batch,
  checkBatch,
  checkKey,
  copyBatch,
  type Store,
  type StoredRecord,
  StoreError,
} from '@omemo-kit/omemo-core/ports';
import { checkpoint, integrityCheck } from './maintenance.ts';
import { type OpenedFile, openFile } from './open-file.ts';
import { Records } from './records.ts';
import { resultCodeOf } from './result-code.ts';
import { builtInDriver, type SqliteDatabase } from './sqlite-driver.ts';
import type { SqliteOptions } from './sqlite-options.ts';
import { storeFailure } from './store-failure.ts';
import { Turns } from './turns.ts';

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
  readonly #release: () => void;
  readonly #turns: Turns;
  #lastCommit: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(opened: OpenedFile, turns: Turns) {
    this.#database = opened.database;
    this.#records = new Records(opened.database);
    this.#release = opened.release;
    this.#turns = turns;
  }

  /**
   * Opens the file. @throws StoreError `newer-schema`, with nothing written; `corrupt`; `quota`; `unavailable` when it
   * cannot be opened, belongs to another application, stays locked, is open with another driver, or there is no driver.
   */
  static async open({ file, Database, busyTimeout = 10_000, maxBytes }: SqliteOptions): Promise<SqliteStore> {
    const driver = Database ?? (await builtInDriver());
    const turns = new Turns(busyTimeout);
    return turns.do(() => {
      const opened = openFile({ Database: driver, file, maxBytes });
      try {
        return new SqliteStore(opened, turns);
      } catch (cause) {
        opened.release();
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
      for (const record of page.records) {
        yield record;
        this.#checkOpen();
      }
      if (page.isLast) return;
      after = page.records.at(-1)!.key;
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

  /**
   * Writes the `-wal` back into the file and empties it, so that nothing overwritten or removed is left in either. Resolves
   * with whether it could: `in-use` when another connection was in the way. For moments when there is nothing else to do.
   */
  async checkpoint(): Promise<'emptied' | 'in-use'> {
    this.#checkOpen();
    return this.#do(() => checkpoint(this.#database));
  }

  /**
   * What SQLite finds wrong with the file, one line each; empty when it is sound. Reads all of it, and nothing else happens
   * meanwhile: for tools.
   */
  async integrityCheck(): Promise<readonly string[]> {
    this.#checkOpen();
    return this.#do(() => integrityCheck(this.#database));
  }

  /** Commits that wait for their turn reject with `closed`. The last one to close a file leaves it without `-wal`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      checkpoint(this.#database);
    } catch {
      // What was committed is safe in the `-wal` too.
    } finally {
      this.#release();
    }
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
