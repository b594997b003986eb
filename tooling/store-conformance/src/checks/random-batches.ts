import type { Batch, Put, Store, StoredRecord } from '@omemo-kit/omemo-core/ports';
import { line, rejects, same } from '../assertions.ts';
import { batch, inByteOrder, list, newId, put, stored } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

const keys = ['a', 'a/b', 'a/b-', 'a/b/c', 'a/b%', 'a/bc', 'b', 'b/a', 'b/A'];

/** The same numbers every time: a linear congruential generator of Numerical Recipes, its high bits used. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A batch of arbitrary puts and removals whose expectations hold three times in four. */
function randomBatch(model: ReadonlyMap<string, StoredRecord>, next: (below: number) => number): Batch {
  const shuffled = keys.map((key) => ({ key, order: next(1 << 20) })).sort((a, b) => a.order - b.order);
  const chosen = shuffled.map(({ key }) => key);
  const puts = chosen.splice(0, next(4)).map((key): Put => ({ ...put(key, next(256)), version: next(65_536) }));
  const remove = chosen.splice(0, next(3));
  const expect = keys
    .filter(() => next(3) === 0)
    .map((key) => {
      const actual = model.get(key)?.revision ?? null;
      return { key, revision: next(12) > 0 ? actual : actual === null ? newId() : null };
    });
  return batch({ put: puts, remove, expect });
}

async function compare(stores: readonly Store[], model: ReadonlyMap<string, StoredRecord>): Promise<void> {
  for (const store of stores) {
    for (const prefix of ['a', 'a/b', 'b']) {
      const inside = inByteOrder([...model.keys()].filter((key) => key === prefix || key.startsWith(`${prefix}/`)));
      const wanted = inside.map((key) => line(model.get(key)));
      same((await list(store, prefix)).map(line), wanted, `list of ${prefix}`);
    }
  }
}

async function run(stores: readonly Store[], seed: number): Promise<void> {
  const next = numbers(seed);
  const model = new Map<string, StoredRecord>();
  for (let i = 0; i < 150; i++) {
    const each = randomBatch(model, next);
    const isStale = ({ key, revision }: Batch['expect'][number]): boolean =>
      String(model.get(key)?.revision ?? null) !== String(revision);
    const stale = each.expect.filter(isStale).map(({ key }) => key);
    const store = stores[next(stores.length)]!;
    if (stale.length > 0) {
      const error = await rejects(store.commit(each), 'conflict', `batch ${i}`);
      same(inByteOrder([...error.keys]), inByteOrder(stale), `stale keys of batch ${i}`);
    } else {
      await store.commit(each);
      for (const written of each.put) model.set(written.key, stored(written, each));
      for (const key of each.remove) model.delete(key);
    }
    if (i % 10 === 0) await compare(stores, model);
  }
  await compare(stores, model);
}

export const randomBatchChecks: readonly StoreCheck[] = [
  {
    name: 'random batches: one store agrees with a plain map',
    needs: [],
    run: async ({ open }) => run([await open()], 1),
  },
  {
    name: 'random batches: several openers agree with a plain map',
    needs: ['several openers'],
    run: async ({ open }) => run([await open(), await open()], 2),
  },
];
