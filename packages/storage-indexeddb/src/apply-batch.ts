/// <reference lib="dom" />
import { type Batch, type Expectation, type StoredRecord, StoreError } from '@omemo-kit/omemo-core/ports';
import type { TransactionPlan } from './connection.ts';
import { recordsName } from './layout.ts';
import { commitError, readingError } from './store-errors.ts';

/**
 * A whole batch in one transaction: what it expects is read and compared there, and then all is written. Nothing between the
 * first request and the last waits for a promise. Resolves when the browser says `complete`, which under strict durability it
 * does when the data has been handed to the disk; that a request succeeded means nothing yet.
 */
export function applyBatch(batch: Batch): TransactionPlan<void> {
  return {
    begin: (database) => database.transaction(recordsName, 'readwrite', { durability: 'strict' }),
    work: (transaction) =>
      new Promise((resolve, reject) => {
        const records = transaction.objectStore(recordsName);
        let progress: 'reading' | 'written' = 'reading';
        let refusal: StoreError | undefined;
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(refusal ?? commitError(transaction.error, progress));
        compare(records, batch.expect, (staleKeys) => {
          if (staleKeys.length > 0) {
            refusal = new StoreError('conflict', `${staleKeys.length} records are not as expected`, {
              keys: staleKeys,
            });
            transaction.abort();
            return;
          }
          try {
            write(records, batch);
          } catch (error) {
            refusal = readingError(error);
            transaction.abort();
            return;
          }
          progress = 'written';
          // Saves the wait for the answers to the last requests. Browsers that lack it commit by themselves after those.
          transaction.commit?.();
        });
      }),
  };
}

/** Reads what is expected, only that, and hands every stale key to `next`, at once or in the callback of the last answer. */
function compare(
  records: IDBObjectStore,
  expect: readonly Expectation[],
  next: (staleKeys: readonly string[]) => void,
): void {
  const staleKeys: string[] = [];
  let waiting = expect.length;
  if (waiting === 0) next(staleKeys);
  for (const { key, revision } of expect) {
    // The key is enough where there should be nothing.
    const request: IDBRequest = revision === null ? records.getKey(key) : records.get(key);
    request.onsuccess = () => {
      if (!holds(request.result, revision)) staleKeys.push(key);
      waiting--;
      if (waiting === 0) next(staleKeys);
    };
  }
}

function holds(found: unknown, revision: Uint8Array | null): boolean {
  if (found === undefined || revision === null) return found === undefined && revision === null;
  const stored = (found as StoredRecord).revision;
  return stored.length === revision.length && revision.every((byte, i) => byte === stored[i]);
}

function write(records: IDBObjectStore, { id, put, remove }: Batch): void {
  for (const { key, value, version } of put) {
    const record: StoredRecord = { key, value, version, revision: id };
    records.put(record);
  }
  for (const key of remove) records.delete(key);
}
