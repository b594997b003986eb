import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/ports/store.ts';
import { recordCodec, u53 } from '../../src/records/codec.ts';
import { RecordCache } from '../../src/storage/record-cache.ts';
import { transact } from '../../src/storage/transact.ts';
import type { UnitOfWork } from '../../src/storage/unit-of-work.ts';
import { TinyStore } from '../tiny-store.ts';

const kept = recordCodec<number>(1, u53, { keep: true });

/** A store that loses the answer of the first commit and makes it later, when `land` is called, or never. */
function setUp() {
  const store = new TinyStore();
  let ids = 0;
  const context = {
    store,
    cache: new RecordCache(),
    randomness: { commitId: () => new Uint8Array(16).fill(++ids), jitter: () => 0 },
    limits: { contentionDeadline: 2_000 },
    emit: () => {},
  };
  const lost: { land: () => void; afterwards: () => void } = { land: () => {}, afterwards: () => {} };
  store.before = (batch) => {
    lost.land = () => store.apply(batch);
    store.before = () => lost.afterwards();
    throw new StoreError('indeterminate', 'the answer was lost');
  };
  return { store, context, lost };
}

const increment = async (unit: UnitOfWork) => {
  const value = ((await unit.get(kept, 'a/n')) ?? 0) + 1;
  unit.put(kept, 'a/n', value);
  return value;
};

/** The next look at the store comes after this moment. */
const lookedOnce = (store: TinyStore, then: () => void) => {
  let gets = 0;
  store.onGet = () => {
    gets += 1;
    if (gets === 2) queueMicrotask(then);
  };
};

describe('an operation that ends after the answer of a commit was lost', () => {
  test('by being aborted is indeterminate: the commit may still land', async () => {
    const { store, context, lost } = setUp();
    const abort = new AbortController();
    lookedOnce(store, () => abort.abort());
    await expect(transact(context, increment, abort.signal)).rejects.toMatchObject({ code: 'indeterminate' });
    lost.land();
    expect(store.records.size).toBe(1);
  });

  test('by being aborted returns what landed meanwhile', async () => {
    const { store, context, lost } = setUp();
    const abort = new AbortController();
    lookedOnce(store, () => {
      lost.land();
      abort.abort();
    });
    expect(await transact(context, increment, abort.signal)).toBe(1);
  });

  test('because the body fails is indeterminate', async () => {
    const { context } = setUp();
    let runs = 0;
    const failing = transact(context, (unit) => {
      runs += 1;
      if (runs > 1) throw new TypeError('no more');
      return increment(unit);
    });
    await expect(failing).rejects.toMatchObject({ code: 'indeterminate' });
  });

  test.each(['unavailable', 'quota', 'closed'] as const)('because the store is %s is indeterminate', async (code) => {
    const { context, lost } = setUp();
    lost.afterwards = () => {
      throw new StoreError(code, 'injected');
    };
    await expect(transact(context, increment)).rejects.toMatchObject({ code: 'indeterminate' });
  });
});
