import type { Batch } from './store.ts';

/** For stores: the batch as it is now, in arrays of its own, however long it waits for its turn. */
export function copyBatch({ id, expect, put, remove }: Batch): Batch {
  // A constructor, since `slice` of a subclass may be a view.
  return {
    id: new Uint8Array(id),
    expect: expect.map(({ key, revision }) => ({ key, revision: revision && new Uint8Array(revision) })),
    put: put.map(({ key, value, version }) => ({ key, value: new Uint8Array(value), version })),
    remove: [...remove],
  };
}
