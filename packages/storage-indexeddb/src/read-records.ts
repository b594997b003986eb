/// <reference lib="dom" />
import type { StoredRecord } from '@omemo-kit/omemo-core/ports';
import type { TransactionPlan } from './connection.ts';
import { checkRecord, recordsName } from './layout.ts';
import { readingError } from './store-errors.ts';

/**
 * Records by key, in the order asked. All requests are handed over at once: several times faster than a cursor, which waits
 * for each answer before it asks on.
 */
export function readRecords(keys: readonly string[]): TransactionPlan<readonly (StoredRecord | undefined)[]> {
  return reading((records) => {
    const requests = keys.map((key) => records.get(key) as IDBRequest<unknown>);
    return () => requests.map(({ result }, i) => (result === undefined ? undefined : checkRecord(result, keys[i]!)));
  });
}

/** The first `limit` records under these whole segments, in byte order, after the key `after`. */
export function readPage(page: {
  prefix: string;
  after: string | undefined;
  limit: number;
}): TransactionPlan<readonly StoredRecord[]> {
  const { prefix, after, limit } = page;
  return reading((records) => {
    const requests: IDBRequest<unknown[]>[] = [];
    // `a/b` itself comes before, not at the head of, the range of `a/b/...`: `a/b-c` and `a/b%40` sort in between.
    if (prefix !== '' && after === undefined) requests.push(records.getAll(prefix));
    requests.push(records.getAll(rangeBelow(prefix, after), limit));
    return () =>
      requests.flatMap(({ result }) => result).map((found) => checkRecord(found, (found as StoredRecord).key));
  });
}

function rangeBelow(prefix: string, after: string | undefined): IDBKeyRange | undefined {
  const first = prefix === '' ? '' : `${prefix}/`;
  const isPast = after !== undefined && after >= first;
  // '0' is the character after '/'.
  if (prefix !== '') return IDBKeyRange.bound(isPast ? after : first, `${prefix}0`, isPast, true);
  return isPast ? IDBKeyRange.lowerBound(after, true) : undefined;
}

/** One transaction that only reads: `ask` makes the requests and says what to make of their results. */
function reading<T>(ask: (records: IDBObjectStore) => () => T): TransactionPlan<T> {
  return {
    begin: (database) => database.transaction(recordsName, 'readonly'),
    work: (transaction) =>
      new Promise((resolve, reject) => {
        const answer = ask(transaction.objectStore(recordsName));
        transaction.onabort = () => reject(readingError(transaction.error));
        transaction.oncomplete = () => {
          try {
            resolve(answer());
          } catch (error) {
            reject(error);
          }
        };
      }),
  };
}
