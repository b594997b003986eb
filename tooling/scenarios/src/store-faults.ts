import { type Batch, type Store, StoreError, type StoreErrorCode } from '@omemo-kit/omemo-core';

/**
 * `before`: the call fails and nothing happened. `after`: it happened, and the caller is told it failed. `late`: the caller
 * of a commit is told that it failed and finds nothing of it, and it happens all the same, before what is read next or (every
 * other call) right under the next commit. `instead`: a commit does not happen and the caller is told it did, which nothing
 * survives: it shows that a test can fail.
 */
export type FaultMoment = 'before' | 'after' | 'late' | 'instead';

export type StoreOperation = 'get' | 'list' | 'commit' | 'close';

export interface StoreFault {
  readonly operation: StoreOperation;
  /** Which call of this operation, from 0. */
  readonly call: number;
  readonly moment: FaultMoment;
  readonly code: StoreErrorCode;
}

/** A store in which one call fails, and which counts calls. */
export class FaultyStore implements Store {
  #store: Store;
  fault: StoreFault | undefined;
  fired = false;
  readonly calls = { get: 0, list: 0, commit: 0, close: 0 };
  readonly batches: Batch[] = [];
  /** A commit that is still to land, and the calls of `get` that come before it. */
  #late: { readonly batch: Batch; gets: number } | undefined;
  /** Told of every call before it is made. */
  onCall: ((operation: StoreOperation, keys: readonly string[]) => void) | undefined;

  constructor(store: Store, fault?: StoreFault) {
    this.#store = store;
    this.fault = fault;
  }

  /** Goes on with another store, on the same records after a restart: calls are counted on. */
  reopen(store: Store): void {
    this.#store = store;
  }

  async get(keys: readonly string[]) {
    if (this.#late !== undefined && this.#late.gets-- === 0) await this.#land();
    return this.#run('get', keys, () => this.#store.get(keys));
  }

  /** One call, however many pages the store makes of it: it fails before the first record or after the last. */
  async *list(prefix: string) {
    const failure = this.#count('list', [prefix]);
    if (failure?.moment === 'before') throw failure.error;
    yield* this.#store.list(prefix);
    if (failure !== undefined) throw failure.error;
  }

  async commit(batch: Batch) {
    if (this.#late !== undefined) await this.#land();
    const keys = [...batch.put.map(({ key }) => key), ...batch.remove];
    const { fault } = this;
    if (fault?.moment === 'late' && !this.fired && fault.operation === 'commit' && fault.call === this.calls.commit) {
      // The first look at it comes too early.
      this.#late = { batch, gets: fault.call % 2 === 0 ? 1 : Number.POSITIVE_INFINITY };
    }
    return this.#run('commit', keys, async () => {
      await this.#store.commit(batch);
      this.batches.push(batch);
    });
  }

  close() {
    return this.#run('close', [], () => this.#store.close());
  }

  async #run<T>(operation: StoreOperation, keys: readonly string[], call: () => Promise<T>): Promise<T> {
    const failure = this.#count(operation, keys);
    if (failure?.moment === 'before' || failure?.moment === 'late') throw failure.error;
    if (failure?.moment === 'instead') return undefined as T;
    const result = await call();
    if (failure !== undefined) throw failure.error;
    return result;
  }

  async #land(): Promise<void> {
    const late = this.#late;
    this.#late = undefined;
    // What has been written over meanwhile lands no more.
    if (late !== undefined)
      await this.#store.commit(late.batch).then(
        () => this.batches.push(late.batch),
        () => {},
      );
  }

  #count(operation: StoreOperation, keys: readonly string[]): { moment: FaultMoment; error: StoreError } | undefined {
    const number = this.calls[operation]++;
    this.onCall?.(operation, keys);
    const { fault } = this;
    if (fault === undefined || this.fired || fault.operation !== operation || fault.call !== number) return undefined;
    this.fired = true;
    const { moment, code } = fault;
    return { moment, error: new StoreError(code, `injected ${moment} ${operation} ${number}`) };
  }
}
