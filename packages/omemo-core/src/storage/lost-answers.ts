import { type Batch, type Store, type StoredRecord, StoreError } from '../ports/store.ts';
import { sameBytes } from '../records/bytes.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A commit whose answer was lost, and what it would have been the end of. */
interface LostAnswer<T> {
  readonly batch: Batch;
  readonly unit: UnitOfWork;
  readonly result: T;
  readonly error: StoreError;
}

/**
 * Commits of one operation whose answers were lost. One that is not to be seen may still land: a server goes on with a
 * statement whose client is gone, and its locks make it wait. What runs in its place expects the same records, so that only
 * one of them happens; which one is to be found out before the operation ends.
 */
export class LostAnswers<T> {
  readonly #lost: LostAnswer<T>[] = [];
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @returns whether it is to be seen already. @throws StoreError `indeterminate` when that cannot be found out. */
  async add(lost: LostAnswer<T>): Promise<boolean> {
    this.#lost.push(lost);
    return happened(this.#store, lost.batch, lost.error);
  }

  /** What to throw when the operation ends with this error: nobody knows whether it happened. */
  orLost(error: unknown): unknown {
    return this.#lost.at(-1)?.error ?? error;
  }

  /** What the attempt returned that happened after all. @throws StoreError `indeterminate` when that cannot be found out. */
  async landed(): Promise<{ readonly result: T; readonly unit: UnitOfWork } | undefined> {
    for (const { batch, unit, result, error } of this.#lost) {
      if (!(await happened(this.#store, batch, error))) continue;
      unit.committed(batch.id);
      return { result, unit };
    }
    return undefined;
  }
}

/** Only reading can tell: the batch happened if a record it put carries its id. */
async function happened(store: Store, batch: Batch, indeterminate: StoreError): Promise<boolean> {
  const keys = batch.put.length > 0 ? batch.put.map(({ key }) => key) : batch.remove;
  let records: readonly (StoredRecord | undefined)[];
  try {
    records = await store.get(keys);
  } catch (cause) {
    // Still nobody knows, and the caller must not take the failed look for "nothing was written".
    throw new StoreError('indeterminate', indeterminate.message, { cause });
  }
  if (batch.put.length === 0) return records.every((record) => record === undefined);
  return records.some((record) => record !== undefined && sameBytes(record.revision, batch.id));
}
