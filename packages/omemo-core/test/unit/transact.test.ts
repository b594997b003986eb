import { describe, expect, test } from 'vitest';
import { StoreError } from '../../src/ports/store.ts';
import { recordCodec, u53 } from '../../src/records/codec.ts';
import { RecordCache } from '../../src/storage/record-cache.ts';
import { transact } from '../../src/storage/transact.ts';
import type { UnitOfWork } from '../../src/storage/unit-of-work.ts';
import { TinyStore } from '../tiny-store.ts';

const number = recordCodec<number>(1, u53);
const kept = recordCodec<{ n: number }>(
  1,
  { write: (out, { n }) => u53.write(out, n), read: (input) => ({ n: u53.read(input) }) },
  { keep: true },
);

function setUp(contentionDeadline = 2_000) {
  const store = new TinyStore();
  let ids = 0;
  const told: unknown[] = [];
  const context = {
    store,
    cache: new RecordCache(),
    randomness: { commitId: () => new Uint8Array(16).fill(++ids), jitter: () => 0 },
    limits: { contentionDeadline },
    emit: (name: string, event: unknown) => void told.push({ name, event }),
  };
  const read = (key: string) => number.decode(store.records.get(key)!);
  return { store, context, read, told };
}

const increment = async (unit: UnitOfWork, key = 'a/n') => {
  const value = ((await unit.get(number, key)) ?? 0) + 1;
  unit.put(number, key, value);
  return value;
};

describe('transact', () => {
  test('gives back what the body returned, after the commit', async () => {
    const { store, context, read } = setUp();
    expect(await transact(context, increment)).toBe(1);
    expect(await transact(context, increment)).toBe(2);
    expect(read('a/n')).toBe(2);
    expect(store.commits).toHaveLength(2);
  });

  test('tells listeners what happened, once, and nothing of an attempt that lost', async () => {
    const { store, context, told } = setUp();
    let attempts = 0;
    await transact(context, async (unit) => {
      const value = await increment(unit);
      attempts += 1;
      unit.tell('settle-failed', [{ debt: 'store', cause: value }]);
      if (attempts === 1) store.write('a/n', number.encode(7));
    });
    expect(attempts).toBe(2);
    expect(told).toEqual([{ name: 'settle-failed', event: [{ debt: 'store', cause: 8 }] }]);
    await expect(
      transact(context, async (unit) => {
        unit.tell('settle-failed', []);
        throw new TypeError('a body that fails');
      }),
    ).rejects.toThrow(TypeError);
    expect(told).toHaveLength(1);
  });

  test('expects every record it read to be unchanged, also those it only read', async () => {
    const { store, context } = setUp();
    store.write('a/read', number.encode(7));
    await transact(context, async (unit) => {
      await unit.get(number, 'a/read');
      await unit.get(number, 'a/missing');
      await increment(unit);
    });
    const expected = store.commits[0]!.expect.map(({ key, revision }) => [key, revision === null]);
    expect(expected).toEqual([
      ['a/read', false],
      ['a/missing', true],
      ['a/n', true],
    ]);
  });

  test('runs again on a conflict and reads only what was stale', async () => {
    const { store, context, read } = setUp();
    store.write('a/still', number.encode(1));
    store.write('a/n', number.encode(10));
    store.before = () => {
      store.before = () => {};
      store.write('a/n', number.encode(20));
    };
    let runs = 0;
    await transact(context, async (unit) => {
      runs++;
      await unit.load(['a/still', 'a/n']);
      await unit.get(number, 'a/still');
      return increment(unit);
    });
    expect(runs).toBe(2);
    expect(read('a/n')).toBe(21);
    expect(store.gets).toEqual([['a/still', 'a/n'], ['a/n']]);
  });

  test('writes nothing of an attempt that lost', async () => {
    const { store, context } = setUp();
    store.before = () => {
      store.before = () => {};
      store.write('a/n', number.encode(20));
    };
    await transact(context, async (unit) => {
      const value = await increment(unit);
      unit.put(number, `a/attempt-${value}`, value);
    });
    expect([...store.records.keys()].sort()).toEqual(['a/attempt-21', 'a/n']);
  });

  test('gives up as contention when others keep winning', async () => {
    const { store, context } = setUp(30);
    store.before = () => store.write('a/n', number.encode(1));
    await expect(transact(context, increment)).rejects.toMatchObject({
      code: 'contention',
      details: { keys: ['a/n'] },
    });
  });

  test('a record written as new that is there already ends soon, and never in a loop', async () => {
    const { store, context } = setUp(60_000);
    store.write('a/n', number.encode(1));
    const blind = transact(context, async (unit) => unit.put(number, 'a/n', 2));
    await expect(blind).rejects.toMatchObject({ code: 'contention' });
    expect(number.decode(store.records.get('a/n')!)).toBe(1);
  });

  test.each(['unavailable', 'quota', 'closed', 'newer-schema'] as const)(
    'hands on %s, with nothing written',
    async (code) => {
      const { store, context } = setUp();
      store.before = () => {
        throw new StoreError(code, 'injected');
      };
      await expect(transact(context, increment)).rejects.toMatchObject({ code });
      expect(store.records.size).toBe(0);
    },
  );

  test('an indeterminate commit that happened counts as made, and runs once', async () => {
    const { store, context, read } = setUp();
    store.after = () => {
      store.after = () => {};
      throw new StoreError('indeterminate', 'gone');
    };
    let runs = 0;
    await transact(context, (unit) => {
      runs++;
      return increment(unit);
    });
    expect([runs, read('a/n')]).toEqual([1, 1]);
  });

  test('an indeterminate commit that did not happen is made', async () => {
    const { store, context, read } = setUp();
    store.before = () => {
      store.before = () => {};
      throw new StoreError('indeterminate', 'gone');
    };
    expect(await transact(context, increment)).toBe(1);
    expect(read('a/n')).toBe(1);
  });

  test.each(['before the body reads again', 'after the body has read again', 'under the second commit'])(
    'an indeterminate commit that lands late, %s, is the one that counts',
    async (moment) => {
      const { store, context, read } = setUp();
      store.write('a/n', number.encode(10));
      let land = () => {};
      let runs = 0;
      store.before = (batch) => {
        land = () => store.apply(batch);
        store.before = moment === 'under the second commit' ? land : () => {};
        throw new StoreError('indeterminate', 'gone, and going on without us');
      };
      const result = await transact(context, async (unit) => {
        runs += 1;
        if (runs === 2 && moment === 'before the body reads again') land();
        const value = await increment(unit);
        // What it did already is in its way.
        if (value === 12) throw new Error('there already');
        if (runs === 2 && moment === 'after the body has read again') land();
        return `attempt ${runs}`;
      });
      expect([result, read('a/n')]).toEqual(['attempt 1', 11]);
    },
  );

  test('an indeterminate removal is looked up as well', async () => {
    const { store, context } = setUp();
    store.write('a/n', number.encode(1));
    store.after = () => {
      store.after = () => {};
      throw new StoreError('indeterminate', 'gone');
    };
    let runs = 0;
    await transact(context, async (unit) => {
      runs++;
      await unit.get(number, 'a/n');
      unit.remove('a/n');
    });
    expect([runs, store.records.size]).toEqual([1, 0]);
  });

  test('an indeterminate commit that happened and was written over by another since is done again on that', async () => {
    const { store, context, read } = setUp();
    store.after = () => {
      store.after = () => {};
      store.write('a/n', number.encode(50));
      throw new StoreError('indeterminate', 'gone');
    };
    expect(await transact(context, increment)).toBe(51);
    expect(read('a/n')).toBe(51);
  });

  test('aborted before the commit: nothing is written; aborted during it: it counts', async () => {
    const { store, context } = setUp();
    const early = new AbortController();
    const aborted = transact(
      context,
      async (unit) => {
        await increment(unit);
        early.abort();
      },
      early.signal,
    );
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    expect(store.records.size).toBe(0);
    const late = new AbortController();
    store.after = () => late.abort();
    expect(await transact(context, increment, late.signal)).toBe(1);
  });

  test('what the body throws is thrown, and nothing written', async () => {
    const { store, context } = setUp();
    const failing = transact(context, async (unit) => {
      await increment(unit);
      throw new StoreError('closed', 'mine');
    });
    await expect(failing).rejects.toMatchObject({ code: 'closed', message: 'mine' });
    expect(store.commits).toEqual([]);
  });
});

describe('a unit that only reads', () => {
  test('of one moment commits nothing and asks once', async () => {
    const { store, context } = setUp();
    store.write('a/x', number.encode(1));
    await transact(context, (unit) => unit.getMany(number, ['a/x', 'a/y']));
    expect([store.commits.length, store.gets.length]).toEqual([0, 1]);
  });

  test('of two moments runs again when they do not belong together', async () => {
    const { store, context } = setUp();
    store.write('a/x', number.encode(1));
    store.write('a/y', number.encode(1));
    store.onGet = (keys) => {
      if (!keys.includes('a/y')) return;
      store.onGet = () => {};
      for (const key of ['a/x', 'a/y']) store.write(key, number.encode(2));
    };
    const both = await transact(context, async (unit) => [
      await unit.get(number, 'a/x'),
      await unit.get(number, 'a/y'),
    ]);
    expect(both).toEqual([2, 2]);
  });

  test('a read-only retry that mixes old and new records is validated too', async () => {
    const { store, context } = setUp();
    for (const key of ['a/x', 'a/y', 'a/z']) store.write(key, number.encode(1));
    let gets = 0;
    store.onGet = () => {
      gets++;
      // Between the first attempt's two gets x moves; before the retry's only get x and y move together.
      if (gets === 2) store.write('a/x', number.encode(2));
      if (gets === 4) for (const key of ['a/x', 'a/y']) store.write(key, number.encode(3));
    };
    const both = await transact(context, async (unit) => {
      await unit.load(['a/x', 'a/y']);
      await unit.get(number, 'a/z');
      return [await unit.get(number, 'a/x'), await unit.get(number, 'a/y')];
    });
    expect(both).toEqual([3, 3]);
  });
});

describe('a unit of work', () => {
  test('sees its own writes and removals', async () => {
    const { context } = setUp();
    const seen = await transact(context, async (unit) => {
      unit.put(number, 'a/n', 5);
      const written = await unit.get(number, 'a/n');
      unit.remove('a/n');
      return [written, await unit.get(number, 'a/n')];
    });
    expect(seen).toEqual([5, undefined]);
  });

  test('lists whole segments only', async () => {
    const { store, context } = setUp();
    for (const key of ['a/b', 'a/b/1', 'a/bc', 'a/b/2']) store.write(key, number.encode(1));
    const found = await transact(context, (unit) => unit.list(number, 'a/b'));
    expect(found.map(({ key }) => key)).toEqual(['a/b', 'a/b/1', 'a/b/2']);
  });

  test('lists what it writes and not what it removes, in the order of the keys', async () => {
    const { store, context } = setUp();
    for (const key of ['a/b/1', 'a/b/3', 'a/b/5']) store.write(key, number.encode(1));
    const found = await transact(context, async (unit) => {
      for (const key of ['a/b/4', 'a/b/2', 'a/bc', 'a/b/3']) unit.put(number, key, 2);
      await unit.get(number, 'a/b/5');
      unit.remove('a/b/5');
      return unit.list(number, 'a/b');
    }).catch((error) => error.details);
    // a/b/3 was written without a look: that is for the commit to find out.
    expect(found).toEqual({ keys: ['a/b/3'] });
    const listed = await transact(context, async (unit) => {
      for (const key of ['a/b/4', 'a/b/2', 'a/bc']) unit.put(number, key, 2);
      await unit.get(number, 'a/b/5');
      unit.remove('a/b/5');
      return unit.list(number, 'a/b');
    });
    expect(listed).toEqual(
      ['1', '2', '3', '4'].map((n) => ({ key: `a/b/${n}`, value: n === '1' || n === '3' ? 1 : 2 })),
    );
  });

  test('gives back the live value of a revision that is known, and decodes another one', async () => {
    const { store, context } = setUp();
    const value = { n: 1 };
    await transact(context, async (unit) => unit.put(kept, 'a/k', value));
    expect(await transact(context, (unit) => unit.get(kept, 'a/k'))).toBe(value);
    store.write('a/k', kept.encode({ n: 2 }));
    expect(await transact(context, (unit) => unit.get(kept, 'a/k'))).toEqual({ n: 2 });
  });

  test('does not keep a value in the cache whose commit failed', async () => {
    const { store, context } = setUp();
    await transact(context, async (unit) => unit.put(kept, 'a/k', { n: 1 }));
    store.before = () => {
      throw new StoreError('unavailable', 'injected');
    };
    await transact(context, async (unit) => {
      await unit.get(kept, 'a/k');
      unit.put(kept, 'a/k', { n: 2 });
    }).catch(() => undefined);
    expect(await transact(context, (unit) => unit.get(kept, 'a/k'))).toEqual({ n: 1 });
  });
});

test('the cache forgets the oldest beyond its capacity', () => {
  const cache = new RecordCache(2);
  const record = (key: string, n: number) => ({
    key,
    value: kept.encode({ n }),
    version: 1,
    revision: new Uint8Array(16),
  });
  const first = cache.decode(record('a', 1), kept);
  cache.decode(record('b', 2), kept);
  expect(cache.decode(record('a', 1), kept)).toBe(first);
  cache.decode(record('c', 3), kept);
  expect(cache.decode(record('a', 1), kept)).not.toBe(first);
});
