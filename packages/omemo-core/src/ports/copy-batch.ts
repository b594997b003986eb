import { rememberingLast } from '../remembering-last.ts';
import type { Batch } from './store.ts';

/** For stores: the batch as it is now, in arrays of its own, however long it waits for its turn. */
export function copyBatch({ id, expect, put, remove }: Batch): Batch {
  // What one commit wrote has one revision: a thousand records of a large message have the same array.
  const revisionOf = rememberingLast(copyOf);
  return {
    id: copyOf(id),
    expect: expect.map(({ key, revision }) => ({ key, revision: revision && revisionOf(revision) })),
    put: put.map(({ key, value, version }) => ({ key, value: copyOf(value), version })),
    remove: [...remove],
  };
}

/** A constructor, since `slice` of a subclass may be a view. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
