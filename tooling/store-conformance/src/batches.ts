import type { Batch, Put, Store, StoredRecord } from '@omemo-kit/omemo-core/ports';

let ids = 0;

/** A batch id of 16 bytes that no other batch of the suite has. Its bytes run through all values. */
export function newId(): Uint8Array {
  const id = Uint8Array.from({ length: 16 }, (_, i) => (ids * 7 + i * 17) % 256);
  new DataView(id.buffer).setUint32(12, ++ids);
  return id;
}

/** A batch of what is given, under a new id. */
export function batch(parts: Partial<Batch>): Batch {
  return { id: newId(), expect: [], put: [], remove: [], ...parts };
}

/** A record to write, of version 1. */
export function put(key: string, ...bytes: number[]): Put {
  return { key, value: Uint8Array.from(bytes), version: 1 };
}

/** Bytes that compression does not make fewer: browsers and databases compress what they store. Alike at every call. */
export function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** The record as it must be found after the batch. */
export function stored({ key, value, version }: Put, { id }: Batch): StoredRecord {
  return { key, value: new Uint8Array(value), version, revision: new Uint8Array(id) };
}

/** Writes these records and nothing else; the batch says their revision. */
export async function write(store: Store, ...puts: readonly Put[]): Promise<Batch> {
  const written = batch({ put: puts });
  await store.commit(written);
  return written;
}

export async function read(store: Store, key: string): Promise<StoredRecord | undefined> {
  return (await store.get([key]))[0];
}

export async function list(store: Store, prefix: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of store.list(prefix)) records.push(record);
  return records;
}

export async function listKeys(store: Store, prefix: string): Promise<string[]> {
  return (await list(store, prefix)).map(({ key }) => key);
}

/** Keys in the order of their bytes, which for ASCII is that of their code units. */
export function inByteOrder(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
