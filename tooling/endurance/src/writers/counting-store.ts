import { type Batch, type Store, StoreError } from '@omemo-kit/omemo-core/ports';

/** A store that counts its commits, and those that came too late. */
export class CountingStore implements Store {
  readonly #store: Store;
  commits = 0;
  conflicts = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  get(keys: readonly string[]) {
    return this.#store.get(keys);
  }

  list(prefix: string) {
    return this.#store.list(prefix);
  }

  async commit(batch: Batch): Promise<void> {
    this.commits += 1;
    try {
      await this.#store.commit(batch);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'conflict') this.conflicts += 1;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
