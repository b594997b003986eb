import { type Batch, type Store, StoreError } from '@omemo-kit/omemo-core/ports';

let ids = 0;

export function batch(parts: Partial<Batch>): Batch {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setUint32(0, ++ids);
  return { id, expect: [], put: [], remove: [], ...parts };
}

export const put = (key: string, ...bytes: number[]) => ({ key, value: Uint8Array.from(bytes), version: 1 });

/** `resolved`, or the code of the error. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
  );

export async function errorOf(promise: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new TypeError(`no StoreError: ${String(error)}`);
  return error;
}

export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}
