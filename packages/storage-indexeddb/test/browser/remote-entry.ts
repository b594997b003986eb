/** Runs in a page or a worker: stores that a test in Node drives by number. */
import { type Batch, type StoredRecord, StoreError, type StoreErrorCode } from '@omemo-kit/omemo-core/ports';
import { type DatabaseHistory, type IndexedDbOptions, IndexedDbStore, type Persistence } from '../../src/index.ts';

export type Answer<T> =
  | { readonly value: T }
  | { readonly code: StoreErrorCode; readonly message: string; readonly keys: readonly string[] };

const stores: IndexedDbStore[] = [];

export function open(
  name: string,
  options: Pick<IndexedDbOptions, 'patience' | 'persist' | 'missing'> = {},
): Promise<Answer<number>> {
  return answer(async () => stores.push(await IndexedDbStore.open({ persist: 'never', ...options, name })) - 1);
}

export function persistenceOf(store: number): Promise<Persistence> {
  return stores[store]!.persisted;
}

/** What the store opened last came upon. */
export function historyOfLast(): DatabaseHistory {
  return stores.at(-1)!.history;
}

export function get(store: number, keys: readonly string[]): Promise<Answer<readonly (StoredRecord | undefined)[]>> {
  return answer(() => stores[store]!.get(keys));
}

export function list(store: number, prefix: string): Promise<Answer<readonly StoredRecord[]>> {
  return answer(async () => {
    const records: StoredRecord[] = [];
    for await (const record of stores[store]!.list(prefix)) records.push(record);
    return records;
  });
}

export function commit(store: number, batch: Batch): Promise<Answer<void>> {
  return answer(() => stores[store]!.commit(batch));
}

export function close(store: number): Promise<Answer<void>> {
  return answer(() => stores[store]!.close());
}

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { code: error.code, message: error.message, keys: error.keys };
  }
}
