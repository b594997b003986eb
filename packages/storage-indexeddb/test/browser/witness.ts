/** Records what the store asks of IndexedDB, and when. */
interface TransactionSeen {
  readonly mode: string;
  readonly asked: string | undefined;
  readonly durability: string;
  /** Names of the calls on the object store, `late` ones marked: made neither at once nor in a callback of a request. */
  readonly requests: string[];
  committed: 'explicitly' | 'by itself';
}

const seen: TransactionSeen[] = [];
let isTimely = false;

/** From now on every transaction is recorded. Ends with the page. */
export function witness(): void {
  const byTransaction = new WeakMap<IDBTransaction, TransactionSeen>();
  patch(
    IDBDatabase.prototype,
    'transaction',
    (original) =>
      function (this: IDBDatabase, names, mode, options) {
        const transaction = original.call(this, names, mode, options);
        const record: TransactionSeen = {
          mode: transaction.mode,
          asked: options?.durability,
          durability: transaction.durability,
          requests: [],
          committed: 'by itself',
        };
        seen.push(record);
        byTransaction.set(transaction, record);
        isTimely = true;
        // In line before the first promise of whoever called.
        queueMicrotask(() => {
          isTimely = false;
        });
        return transaction;
      },
  );
  patch(
    IDBTransaction.prototype,
    'commit',
    (original) =>
      function (this: IDBTransaction) {
        byTransaction.get(this)!.committed = 'explicitly';
        original.call(this);
      },
  );
  for (const name of ['get', 'getKey', 'getAll', 'put', 'delete'] as const) {
    patch(
      IDBObjectStore.prototype,
      name,
      (original: (...args: never[]) => IDBRequest) =>
        function (this: IDBObjectStore, ...args: never[]) {
          byTransaction.get(this.transaction)?.requests.push(isTimely ? name : `late ${name}`);
          return original.apply(this, args);
        } as never,
    );
  }
  const { set } = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess')!;
  Object.defineProperty(IDBRequest.prototype, 'onsuccess', {
    set(this: IDBRequest, handler: (event: Event) => void) {
      set!.call(this, (event: Event) => {
        isTimely = true;
        handler.call(this, event);
        // Promises of the handler run after it has returned.
        isTimely = false;
      });
    },
  });
}

/** What was recorded since the last call. */
export function takeSeen(): readonly TransactionSeen[] {
  return seen.splice(0);
}

/** How a commit must not be made: with a promise between reading and writing. */
export async function commitWithPromise(name: string): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name);
    request.addEventListener('success', () => resolve(request.result));
  });
  const transaction = database.transaction('records', 'readwrite');
  const records = transaction.objectStore('records');
  await new Promise<void>((resolve) => {
    records.get('a').onsuccess = () => resolve();
  });
  records.put({ key: 'a', value: new Uint8Array(1), version: 1, revision: new Uint8Array(16) });
  database.close();
}

let askedToPersist = 0;

/** Stands in for the browser's answer, which depends on how often a site was used. */
export function answerPersist(answer: 'yes' | 'no' | 'never'): void {
  const answers = { yes: async () => true, no: async () => false, never: () => new Promise<boolean>(() => {}) };
  askedToPersist = 0;
  StorageManager.prototype.persist = () => {
    askedToPersist++;
    return answers[answer]();
  };
}

export function timesAskedToPersist(): number {
  return askedToPersist;
}

function patch<T extends object, K extends keyof T>(target: T, name: K, make: (original: T[K]) => T[K]): void {
  target[name] = make(target[name]);
}
