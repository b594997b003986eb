import {
  type Batch,
  checkBatch,
  checkKey,
  copyBatch,
  type Store,
  type StoredRecord,
  StoreError,
} from '@omemo-kit/omemo-core/ports';
import { messageOf, withClient } from './borrowed-client.ts';
import { checkDatabase } from './check-database.ts';
import { commitBatch } from './commit-batch.ts';
import { defaultSchema, quoteSchema } from './layout.ts';
import type { PostgresClient, PostgresPool } from './postgres-pool.ts';
import { readPage, readRecords } from './read-records.ts';

/** Records read between two turns of a listing. */
const pageSize = 256;

export interface PostgresOptions {
  /** Where connections come from. It stays the caller's: `close` does not end it. */
  readonly pool: PostgresPool;
  /** Schema of the tables that `migratePostgres` made, `omemo_kit` by default. */
  readonly schema?: string;
  /**
   * What to do on a server that runs with `fsync` off, where a power cut takes back commits that had resolved, and with them
   * the promise that no message key is used twice: `refuse` by default. `accept` is for throw-away databases.
   */
  readonly withoutFsync?: 'refuse' | 'accept';
}

/**
 * The Store port on PostgreSQL. One database holds any number of accounts, and any number of processes may work on one account.
 *
 * A commit is one statement and durable when it resolves, whatever `synchronous_commit` is set to. It is never tried again by
 * the store. Bytes are copied when a call is made. Calls reject with a `StoreError`: `conflict`, `quota`, `closed`,
 * `newer-schema`, `indeterminate`, `invalid-batch` (also for a malformed key of `get` and prefix of `list`), `unavailable`,
 * `corrupt`.
 */
export class PostgresStore implements Store {
  readonly #pool: PostgresPool;
  readonly #quotedSchema: string;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  private constructor(pool: PostgresPool, quotedSchema: string) {
    this.#pool = pool;
    this.#quotedSchema = quotedSchema;
  }

  /**
   * Opens a store on tables that are there, after a look at the server. Creates and changes nothing; that is what
   * `migratePostgres` is for.
   *
   * @throws StoreError `unavailable`: there is no connection, the tables are missing or older than this release, the server runs
   * with `fsync` off, or its transactions are not READ COMMITTED; `newer-schema`: a newer release has migrated the tables.
   */
  static async open(options: PostgresOptions): Promise<PostgresStore> {
    const { pool, schema = defaultSchema, withoutFsync = 'refuse' } = options;
    const quotedSchema = quoteSchema(schema);
    await withClient(pool, async (client) => {
      try {
        await checkDatabase(client, { schema, quotedSchema, withoutFsync });
      } catch (error) {
        if (error instanceof StoreError) throw error;
        throw new StoreError('unavailable', `the store could not be opened: ${messageOf(error)}`, { cause: error });
      }
    });
    return new PostgresStore(pool, quotedSchema);
  }

  async get(keys: readonly string[]): Promise<readonly (StoredRecord | undefined)[]> {
    this.#checkOpen();
    const asked = [...keys];
    for (const key of asked) checkKey(key);
    if (asked.length === 0) return [];
    return this.#work((client) => readRecords(client, this.#quotedSchema, asked));
  }

  /** An empty prefix lists everything. */
  async *list(prefix: string): AsyncGenerator<StoredRecord, void, undefined> {
    this.#checkOpen();
    if (prefix !== '') checkKey(prefix);
    let after: string | undefined;
    for (;;) {
      this.#checkOpen();
      const question = { prefix, after, limit: pageSize };
      const page = await this.#work((client) => readPage(client, this.#quotedSchema, question));
      for (const record of page) {
        this.#checkOpen();
        yield record;
      }
      if (page.length < pageSize) return;
      after = page.at(-1)!.key;
    }
  }

  async commit(batch: Batch): Promise<void> {
    this.#checkOpen();
    checkBatch(batch);
    const own = copyBatch(batch);
    const stale = await this.#work((client) => commitBatch(client, this.#quotedSchema, own));
    if (stale.length > 0) {
      throw new StoreError('conflict', 'records are not as they were expected', { keys: stale });
    }
  }

  /** Closes this store only, after what it has under way; the pool stays open. A second call does nothing. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }

  async #work<Result>(work: (client: PostgresClient) => Promise<Result>): Promise<Result> {
    const working = withClient(this.#pool, work);
    this.#underWay.add(working);
    try {
      return await working;
    } finally {
      this.#underWay.delete(working);
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store was closed');
  }
}
