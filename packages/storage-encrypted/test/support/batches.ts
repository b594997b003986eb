import type { Batch, Put, Store, StoredRecord } from '@omemo-kit/omemo-core/ports';

export function batch(parts: Partial<Batch>): Batch {
  return { id: crypto.getRandomValues(new Uint8Array(16)), expect: [], put: [], remove: [], ...parts };
}

export function put(key: string, text = key, version = 1): Put {
  return { key, value: new TextEncoder().encode(text), version };
}

export async function write(store: Store, ...puts: readonly Put[]): Promise<Batch> {
  const written = batch({ put: puts });
  await store.commit(written);
  return written;
}

export async function list(store: Store, prefix: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of store.list(prefix)) records.push(record);
  return records;
}

export async function textAt(store: Store, key: string): Promise<string | undefined> {
  const [record] = await store.get([key]);
  return record && new TextDecoder().decode(record.value);
}
