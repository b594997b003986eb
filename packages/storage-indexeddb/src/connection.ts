/// <reference lib="dom" />
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { type DatabaseAddress, type DatabaseHistory, type OpenDatabase, openDatabase } from './open-database.ts';
import { closedError, readingError } from './store-errors.ts';

/** A transaction begins with `begin`; `work` hands over its first requests before it returns. */
export interface TransactionPlan<T> {
  begin(database: IDBDatabase): IDBTransaction;
  /** Further requests are made in callbacks only: at a promise a transaction may end by itself. */
  work(transaction: IDBTransaction): Promise<T>;
}

/** A handle may have died; a new one that fails too has another reason. */
const mostAttempts = 2;

/**
 * A connection that outlives its database handle. Browsers close handles on their own (a suspended tab, storage cleared, a
 * storage process that died), and another tab may ask for the database to be let go so that it can upgrade it; the next
 * call then opens it again. That is safe because no call rests on anything but its own transaction, and because it must be
 * the same database: one that was deleted, or made anew under its name, is `closed`.
 */
export class Connection {
  /** What it came upon when it was opened for the first time. */
  readonly history: DatabaseHistory;
  readonly #address: DatabaseAddress;
  readonly #identity: string;
  readonly #running = new Set<Promise<unknown>>();
  #database: IDBDatabase | undefined;
  #reopening: Promise<IDBDatabase> | undefined;
  #isClosed = false;

  private constructor(address: DatabaseAddress, { database, identity, history }: OpenDatabase) {
    this.history = history;
    this.#address = address;
    this.#identity = identity;
    this.#hold(database);
  }

  static async open(address: DatabaseAddress, missing: 'create' | StoreError): Promise<Connection> {
    return new Connection(address, await openDatabase(address, missing));
  }

  /** @throws StoreError `closed`. */
  checkOpen(): void {
    if (this.#isClosed) throw closedError();
  }

  /** Runs a transaction, and once more on a new handle when the one there was failed before anything was written. */
  async transact<T>(plan: TransactionPlan<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const database = this.#database ?? (await this.#reopen());
      this.checkOpen();
      try {
        return await this.#run(plan, database);
      } catch (error) {
        const code = error instanceof StoreError ? error.code : undefined;
        // Safari keeps handles open whose other end has died; nothing works on them ever again.
        if (code === 'unavailable' || code === 'indeterminate') this.#letGo(database);
        if (code !== 'unavailable' || attempt === mostAttempts) throw error;
      }
    }
  }

  /** No transaction begins any more; waits for those that have begun. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#database?.close();
    await Promise.allSettled([this.#reopening, ...this.#running]);
  }

  async #run<T>(plan: TransactionPlan<T>, database: IDBDatabase): Promise<T> {
    let transaction: IDBTransaction;
    try {
      transaction = plan.begin(database);
    } catch (error) {
      // The handle is closed, of which not every browser tells by an event.
      throw readingError(error);
    }
    const running = plan.work(transaction);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  #reopen(): Promise<IDBDatabase> {
    this.#reopening ??= this.#openAgain().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #openAgain(): Promise<IDBDatabase> {
    const { name } = this.#address;
    const deleted = new StoreError('closed', `the database ${name} was deleted while the store was open`);
    const { database, identity } = await openDatabase(this.#address, deleted);
    if (this.#isClosed || identity !== this.#identity) {
      database.close();
      this.checkOpen();
      throw new StoreError('closed', `the database ${name} was deleted and made anew by someone else`);
    }
    this.#hold(database);
    return database;
  }

  #hold(database: IDBDatabase): void {
    this.#database = database;
    database.onclose = () => this.#letGo(database);
    database.onversionchange = () => this.#letGo(database);
  }

  #letGo(database: IDBDatabase): void {
    database.close();
    if (this.#database === database) this.#database = undefined;
  }
}
