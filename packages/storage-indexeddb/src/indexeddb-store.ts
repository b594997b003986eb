/// <reference lib="dom" />
import {
  type Batch,
  checkBatch,
  checkKey,
  copyBatch,
  type Store,
  type StoredRecord,
  StoreError,
} from '@omemo-kit/omemo-core/ports';
import { applyBatch } from './apply-batch.ts';
import { Connection } from './connection.ts';
import type { DatabaseHistory } from './open-database.ts';
import { type Persistence, requestPersistence } from './persistence.ts';
import { readPage, readRecords } from './read-records.ts';
import { openingError } from './store-errors.ts';

/** Records read between two turns of a listing. */
const pageSize = 256;

export interface IndexedDbOptions {
  /** Name of the database within the origin, `omemo-kit` by default. Accounts may share one. */
  readonly name?: string;
  /** Where databases are, `globalThis.indexedDB` by default; a storage bucket has one of its own. */
  readonly factory?: IDBFactory;
  /** Whether to ask the browser, once, not to delete the data by itself: `ask` by default. */
  readonly persist?: 'ask' | 'never';
  /** Longest time that opening waits for other tabs that are in its way, milliseconds; 10,000 by default. */
  readonly patience?: number;
  /**
   * What to do when there is no database of this name: `create` by default. `refuse`, for an application that knows that it had
   * one, which browsers may delete: opening is `unavailable` then, and nothing is made.
   */
  readonly missing?: 'create' | 'refuse';
}

/**
 * The Store port on IndexedDB, for pages and workers; any number of them may have one database open.
 *
 * A commit is one transaction of strict durability. Bytes are copied when a call is made. Calls reject with a `StoreError`:
 * `conflict`, `quota`, `closed`, `newer-schema`, `indeterminate`, `invalid-batch` (also for a malformed key of `get` and prefix
 * of `list`), `unavailable`, `corrupt`. When the browser has closed the database, the next call opens it again; when it is not
 * the same database any more, calls reject with `closed`.
 */
export class IndexedDbStore implements Store {
  /**
   * Whether the browser may delete the data by itself. Opening does not wait for it, since a browser may ask the user; it
   * never rejects.
   */
  readonly persisted: Promise<Persistence>;
  /**
   * What opening came upon. `made after a loss`: the browser had thrown a damaged database away, which only Chromium tells; in
   * others that is `made`.
   */
  readonly history: DatabaseHistory;
  readonly #connection: Connection;

  private constructor(connection: Connection, persisted: Promise<Persistence>) {
    this.#connection = connection;
    this.persisted = persisted;
    this.history = connection.history;
  }

  /**
   * Opens the database, and makes it when there is none, unless `missing` says otherwise.
   *
   * @throws StoreError `unavailable`: this page or window has no IndexedDB, others were in the way for too long, or there is no
   * database and none is to be made;
   * `newer-schema`: a newer release has written it, nothing was changed; `corrupt`: it belongs to something else; `quota`.
   */
  static async open(options: IndexedDbOptions = {}): Promise<IndexedDbStore> {
    const { name = 'omemo-kit', persist = 'ask', patience = 10_000, missing = 'create' } = options;
    const factory = options.factory ?? defaultFactory(name);
    const none = new StoreError('unavailable', `there is no database ${name}, and none is to be made`);
    const connection = await Connection.open({ name, factory, patience }, missing === 'create' ? missing : none);
    return new IndexedDbStore(connection, requestPersistence(persist));
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.#connection.checkOpen();
    const asked = [...keys];
    for (const key of asked) checkKey(key);
    return this.#connection.transact(readRecords(asked));
  }

  /** An empty prefix lists everything. */
  async *list(prefix: string): AsyncGenerator<StoredRecord, void, undefined> {
    this.#connection.checkOpen();
    if (prefix !== '') checkKey(prefix);
    let after: string | undefined;
    for (;;) {
      const page = await this.#connection.transact(readPage({ prefix, after, limit: pageSize }));
      for (const record of page) {
        yield record;
        this.#connection.checkOpen();
      }
      if (page.length < pageSize) return;
      after = page.at(-1)!.key;
    }
  }

  async commit(batch: Batch): Promise<void> {
    this.#connection.checkOpen();
    checkBatch(batch);
    await this.#connection.transact(applyBatch(copyBatch(batch)));
  }

  /** Closes this store only, after what it has under way. A second call does nothing. */
  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** The getter itself throws where storage is forbidden. */
function defaultFactory(name: string): IDBFactory {
  let factory: IDBFactory | undefined;
  try {
    factory = globalThis.indexedDB;
  } catch (error) {
    throw openingError(error, name);
  }
  // Null in some private windows of old browsers.
  if (!factory) throw new StoreError('unavailable', 'there is no IndexedDB here');
  return factory;
}
