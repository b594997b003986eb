/** What browsers do to connections and transactions behind a program's back. */
const handles = new Set<IDBDatabase>();
const begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...args) {
  handles.add(this);
  return begin.apply(this, args);
};

/** Closes every handle that was used, without an event, as Safari does to a page that was suspended. */
export function closeHandles(): void {
  for (const handle of handles) handle.close();
}

/**
 * From now on a transaction that puts is aborted once its puts have succeeded, by nobody's wish, as when a process dies before
 * it is complete.
 */
export function abortCommits(): void {
  IDBTransaction.prototype.commit = () => {};
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args);
    // Behind the listeners of the store.
    queueMicrotask(() => request.addEventListener('success', () => this.transaction.abort()));
    return request;
  };
}

/** The next transactions that read a record by its key are aborted before there is an answer. */
export function abortReads(times: number): void {
  let left = times;
  const { get } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.get = function (...args) {
    const request = get.apply(this, args);
    if (left-- > 0) this.transaction.abort();
    return request;
  };
}

/** From now on there is no IndexedDB, or one that may not be used. */
export function forbidIndexedDb(how: 'absent' | 'getter throws' | 'open throws' | 'open fails'): void {
  const denied = new DOMException('denied', 'SecurityError');
  const get = (): unknown => {
    if (how === 'absent') return undefined;
    if (how === 'getter throws') throw denied;
    return { open: how === 'open throws' ? throwing(denied) : failing(new DOMException('no', 'InvalidStateError')) };
  };
  Object.defineProperty(globalThis, 'indexedDB', { get, configurable: true });
}

function throwing(error: DOMException): () => never {
  return () => {
    throw error;
  };
}

/** An opening that fails a moment later. */
function failing(error: DOMException): () => unknown {
  return () => {
    const request = { error, onerror: (_: Event) => {} };
    setTimeout(() => request.onerror(new Event('error')), 0);
    return request;
  };
}
