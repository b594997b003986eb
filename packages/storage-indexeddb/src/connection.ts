/// <reference lib="dom" />
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { type DatabaseAddress, type OpenDatabase, openDatabase } from './open-database.ts';
import { closedError, nameOf, readingError } from './store-errors.ts';

/** A transaction begins with `begin`; `work` hands over its first requests before it returns. */
export interface TransactionPlan<T> {
  begin(database: IDBDatabase): IDBTransaction;
  /** Further requests are made in callbacks only: at a promise a transaction may end by itself. */
  work(transaction: IDBTransaction): Promise<T>;
}

/**
 * A connection that outlives its database handle. Browsers close handles on their own (a suspended tab, storage cleared, a
 * storage process that died), and another tab may ask for the database to be let go so that it can upgrade it; the next
 * call then opens it again. That is safe because no call rests on anything but its own transaction, and because it must be
 * the same database: one that was deleted, or made anew under its name, is `closed`.
 */
export class Connection {
  readonly #address: DatabaseAddress;
  readonly #identity: string;
  readonly #running = new Set<Promise<unknown>>();
  #database: IDBDatabase | undefined;
  #reopening: Promise<IDBDatabase> | undefined;
  #isClosed = false;

  private constructor(address: DatabaseAddress, { database, identity }: OpenDatabase) {
    this.#address = address;
    this.#identity = identity;
    this.#hold(database);
  }

  static async open(address: DatabaseAddress): Promise<Connection> {
    return new Connection(address, await openDatabase(address, 'create'));
  }

  /** @throws StoreError `closed`. */
  checkOpen(): void {
    if (this.#isClosed) throw closedError();
  }

  async transact<T>(plan: TransactionPlan<T>): Promise<T> {
    const running =
      this.#begin(plan, this.#database ?? (await this.#reopen())) ?? this.#begin(plan, await this.#reopen());
    if (running === undefined) throw readingError(undefined);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** No transaction begins any more; waits for those that have begun. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#database?.close();
    await Promise.allSettled([this.#reopening, ...this.#running]);
  }

  /** Undefined when the handle turns out to be closed. Nothing has begun then. */
  #begin<T>(plan: TransactionPlan<T>, database: IDBDatabase): Promise<T> | undefined {
    this.checkOpen();
    let transaction: IDBTransaction;
    try {
      transaction = plan.begin(database);
    } catch (error) {
      // Not every browser tells by an event that it has closed a handle.
      if (nameOf(error) !== 'InvalidStateError') throw readingError(error);
      this.#letGo(database);
      return undefined;
    }
    return plan.work(transaction);
  }

  #reopen(): Promise<IDBDatabase> {
    this.#reopening ??= this.#openAgain().finally(() => {
      this.#reopening = undefined;
    });
    return this.#reopening;
  }

  async #openAgain(): Promise<IDBDatabase> {
    const { database, identity } = await openDatabase(this.#address, 'refuse');
    if (this.#isClosed || identity !== this.#identity) {
      database.close();
      this.checkOpen();
      throw new StoreError('closed', `the database ${this.#address.name} was deleted and made anew by someone else`);
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
