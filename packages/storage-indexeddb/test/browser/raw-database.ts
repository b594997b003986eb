/** IndexedDB without the store: what other programs, releases and tabs do to its databases. */
interface RawOptions {
  readonly version?: number;
  readonly upgrade?: (database: IDBDatabase, transaction: IDBTransaction) => void;
}

export function openRaw(name: string, { version, upgrade }: RawOptions = {}): Promise<IDBDatabase> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => upgrade?.(request.result, request.transaction!);
  return answerOf(request);
}

export async function deleteDatabase(name: string): Promise<void> {
  await answerOf(indexedDB.deleteDatabase(name));
}

export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Every record and key of an object store. */
export async function dump(database: IDBDatabase, name: string): Promise<{ keys: unknown[]; values: unknown[] }> {
  const store = database.transaction(name).objectStore(name);
  const [keys, values] = await Promise.all([answerOf(store.getAllKeys()), answerOf(store.getAll())]);
  return { keys, values };
}
