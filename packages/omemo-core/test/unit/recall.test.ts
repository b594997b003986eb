import { describe, expect, test } from 'vitest';
import { recordCodec, u53 } from '../../src/records/codec.ts';
import { RecordCache } from '../../src/storage/record-cache.ts';
import { transact } from '../../src/storage/transact.ts';
import type { UnitOfWork } from '../../src/storage/unit-of-work.ts';
import { TinyStore } from '../tiny-store.ts';

const kept = recordCodec<number>(1, u53, { keep: true });

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
  const put = (value: number, key = 'a/n') => transact(context, async (unit) => unit.put(kept, key, value));
  /** Whoever else has the store open. */
  const elsewhere = (value: number, key = 'a/n') => store.write(key, kept.encode(value));
  const stored = (key = 'a/n') => kept.decode(store.records.get(key)!);
  return { store, context, put, elsewhere, stored };
}

const increment = async (unit: UnitOfWork) => {
  const value = ((await unit.get(kept, 'a/n')) ?? 0) + 1;
  unit.put(kept, 'a/n', value);
  return value;
};

describe('what was committed by this process', () => {
  test('is not read again before the next commit, which expects it to be unchanged', async () => {
    const { store, context, put, stored } = setUp();
    await put(1);
    store.gets.length = 0;
    expect([await transact(context, increment), await transact(context, increment)]).toEqual([2, 3]);
    expect([store.gets, stored()]).toEqual([[], 3]);
    expect(store.commits.at(-1)?.expect).toEqual([{ key: 'a/n', revision: store.commits.at(-2)?.id }]);
  });

  test('is read once somebody else has written it, and nothing of theirs is lost', async () => {
    const { store, context, put, elsewhere, stored } = setUp();
    await put(1);
    elsewhere(10);
    store.gets.length = 0;
    expect(await transact(context, increment)).toBe(11);
    expect([store.gets, stored()]).toEqual([[['a/n']], 11]);
  });

  test('is read for a while after somebody else was met: where there is one, it writes again', async () => {
    const { store, context, put, elsewhere } = setUp();
    await put(1);
    elsewhere(10);
    await transact(context, increment);
    let attempts = 0;
    const counted = (unit: UnitOfWork) => {
      attempts += 1;
      return increment(unit);
    };
    for (let unit = 0; unit < 1_000; unit++) {
      elsewhere(unit);
      await transact(context, counted);
    }
    expect(attempts).toBe(1_000);
    store.gets.length = 0;
    await transact(context, counted);
    expect(store.gets).toEqual([]);
  });

  test('is confirmed by the store before anything is told of it', async () => {
    const { store, context, put, elsewhere } = setUp();
    await put(1);
    store.gets.length = 0;
    expect(await transact(context, (unit) => unit.get(kept, 'a/n'))).toBe(1);
    expect(store.gets).toEqual([['a/n']]);
    elsewhere(10);
    expect(await transact(context, (unit) => unit.get(kept, 'a/n'))).toBe(10);
  });

  test('is forgotten once somebody else has removed it: it may be the keys of a session', async () => {
    const { store, context, put } = setUp();
    await put(1);
    store.records.delete('a/n');
    expect(await transact(context, (unit) => unit.get(kept, 'a/n'))).toBe(undefined);
    expect(context.cache.recall('a/n')).toBe(undefined);
  });

  test('is no reason to fail: what is stored is', async () => {
    const { context, put, elsewhere } = setUp();
    await put(1);
    const refuseOne = async (unit: UnitOfWork) => {
      if ((await unit.get(kept, 'a/n')) === 1) throw new TypeError('one');
      return increment(unit);
    };
    await expect(transact(context, refuseOne)).rejects.toThrow('one');
    elsewhere(10);
    expect(await transact(context, refuseOne)).toBe(11);
  });

  test('is expected beside what was read in the same unit, a list included', async () => {
    const { store, context, put, elsewhere } = setUp();
    await put(1);
    elsewhere(5, 'a/other');
    const listed = await transact(context, async (unit) => {
      await increment(unit);
      return unit.list(kept, 'a');
    });
    expect(listed.map(({ value }) => value).sort()).toEqual([2, 5]);
    const expected = store.commits.at(-1)?.expect.map(({ key }) => key);
    expect(expected?.toSorted()).toEqual(['a/n', 'a/other']);
  });
});
