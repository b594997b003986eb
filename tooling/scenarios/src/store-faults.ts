import { type Batch, type Store, StoreError, type StoreErrorCode } from '@omemo-kit/omemo-core';

/** `before`: the call fails and nothing happened. `after`: it happened, and the caller is told it failed. */
export type FaultMoment = 'before' | 'after';

export interface StoreFault {
  readonly operation: 'get' | 'commit';
  /** Which call of this operation, from 0. */
  readonly call: number;
  readonly moment: FaultMoment;
  readonly code: StoreErrorCode;
}

/** A store in which one call fails, and which counts calls. */
export class FaultyStore implements Store {
  readonly #store: Store;
  fault: StoreFault | undefined;
  fired = false;
  readonly calls = { get: 0, commit: 0 };
  readonly batches: Batch[] = [];

  constructor(store: Store, fault?: StoreFault) {
    this.#store = store;
    this.fault = fault;
  }

  get(keys: readonly string[]) {
    return this.#run('get', () => this.#store.get(keys));
  }

  list(prefix: string) {
    return this.#store.list(prefix);
  }

  commit(batch: Batch) {
    return this.#run('commit', async () => {
      await this.#store.commit(batch);
      this.batches.push(batch);
    });
  }

  close() {
    return this.#store.close();
  }

  async #run<T>(operation: 'get' | 'commit', call: () => Promise<T>): Promise<T> {
    const number = this.calls[operation]++;
    const { fault } = this;
    if (fault === undefined || this.fired || fault.operation !== operation || fault.call !== number) return call();
    this.fired = true;
    if (fault.moment === 'after') await call();
    throw new StoreError(fault.code, `injected ${fault.moment} ${operation} ${number}`);
  }
}
