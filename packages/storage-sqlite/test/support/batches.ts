import { type Batch, type Put, type Store, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';

export function batch(parts: Partial<Batch>): Batch {
  return { id: crypto.getRandomValues(new Uint8Array(16)), expect: [], put: [], remove: [], ...parts };
}

export function put(key: string, ...bytes: number[]): Put {
  return { key, value: Uint8Array.from(bytes), version: 1 };
}

/** The code of the `StoreError` it rejects with, `resolved` when it does not. */
export function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
  );
}

export async function list(store: Store, prefix: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of store.list(prefix)) records.push(record);
  return records;
}

export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  return (await list(store, prefix)).map(({ key }) => key);
}
