import type { Store } from '@omemo-kit/omemo-core/ports';
import { commits, hold, line, same } from '../assertions.ts';
import { batch, inByteOrder, list, put, read, write } from '../batches.ts';
import type { CheckPlace, StoreCheck } from '../store-check.ts';

/** Each rule must hold for calls of one store and, where a place can be opened more than once, of several. */
const rules: readonly { name: string; run(stores: readonly Store[]): Promise<void> }[] = [
  { name: 'no increment of a counter is lost', run: countTogether },
  { name: 'of many that create a record one succeeds', run: createTogether },
  { name: 'a reader never gets half of a batch', run: readHalves },
  { name: 'a total holds while amounts are moved', run: moveAmounts },
  { name: 'commits of different records do not disturb each other', run: writeApart },
];

export const concurrencyChecks: readonly StoreCheck[] = rules.flatMap(({ name, run }): StoreCheck[] => [
  {
    name: `concurrency: ${name}, within one store`,
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await run([store, store, store]);
    },
  },
  {
    name: `concurrency: ${name}, among several openers`,
    needs: ['several openers'],
    run: async (place) => run(await openThree(place)),
  },
]);

async function openThree({ open }: CheckPlace): Promise<readonly Store[]> {
  return [await open(), await open(), await open()];
}

/** How often a writer may lose against others before that counts as never getting anywhere. */
const mostAttempts = 10_000;

/** Reads, computes and commits on what was read, until that holds. */
async function update(store: Store, keys: readonly string[], step: (values: number[]) => number[]): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const records = await store.get(keys);
    const values = step(records.map((record) => record?.value[0] ?? 0));
    const expect = keys.map((key, i) => ({ key, revision: records[i]?.revision ?? null }));
    if (await commits(store, batch({ expect, put: keys.map((key, i) => put(key, values[i]!)) }))) return;
  }
  hold(false, `one of ${mostAttempts} attempts of a writer succeeds`);
}

async function countTogether(stores: readonly Store[]): Promise<void> {
  const writers = 6;
  const increments = 20;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const store = stores[writer % stores.length]!;
      for (let i = 0; i < increments; i++) await update(store, ['counter'], ([value]) => [value! + 1]);
    }),
  );
  for (const store of stores) same((await read(store, 'counter'))?.value[0], writers * increments, 'the counter');
}

async function createTogether(stores: readonly Store[]): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const key = `created/${round}`;
    const attempts = Array.from({ length: 6 }, async (_, i) => {
      const creation = batch({ expect: [{ key, revision: null }], put: [put(key, i)] });
      return { id: creation.id, created: await commits(stores[i % stores.length]!, creation) };
    });
    const winners = (await Promise.all(attempts)).filter(({ created }) => created);
    same(winners.length, 1, 'writers that created the record');
    same((await read(stores[0]!, key))?.revision, winners[0]?.id, 'the revision of who created it');
  }
}

async function readHalves(stores: readonly Store[]): Promise<void> {
  const keys = Array.from({ length: 20 }, (_, i) => `half/${i}`);
  let writing = true;
  const writer = (async () => {
    for (let i = 1; i <= 30; i++) {
      const isOdd = i % 2 === 1;
      await stores[0]!.commit(
        isOdd
          ? batch({ put: keys.map((key) => put(key, i)) })
          : batch({ put: [put(keys[0]!, i)], remove: keys.slice(1) }),
      );
    }
  })().finally(() => {
    writing = false;
  });
  const reader = async (store: Store): Promise<void> => {
    while (writing) {
      const found = await store.get(keys);
      const revisions = new Set(found.map((record) => (record === undefined ? 'absent' : line(record).split(' ')[2])));
      const whole = revisions.size === 1 || found.slice(1).every((record) => record === undefined);
      hold(whole, `what one get finds is from one moment, not ${[...revisions].join(', ')}`);
    }
  };
  await Promise.all([writer, ...stores.slice(1).map(reader)]);
}

async function moveAmounts(stores: readonly Store[]): Promise<void> {
  const accounts = ['m/a', 'm/b', 'm/c'];
  await write(stores[0]!, ...accounts.map((key) => put(key, 60)));
  await Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      for (let i = 0; i < 10; i++) {
        const pair = [accounts[(writer + i) % 3]!, accounts[(writer + i + 1) % 3]!];
        await update(stores[writer % stores.length]!, pair, ([from, to]) => [from! - 1, to! + 1]);
      }
    }),
  );
  const amounts = (await list(stores[0]!, 'm')).map(({ value }) => value[0]!);
  same(
    amounts.reduce((sum, amount) => sum + amount, 0),
    180,
    `the total of ${amounts.join(', ')}`,
  );
}

async function writeApart(stores: readonly Store[]): Promise<void> {
  const keys = Array.from({ length: 60 }, (_, i) => `apart/${i}`);
  const outcomes = await Promise.all(
    keys.map((key, i) =>
      commits(stores[i % stores.length]!, batch({ expect: [{ key, revision: null }], put: [put(key, i)] })),
    ),
  );
  same(outcomes.filter((outcome) => !outcome).length, 0, 'commits of different records that were refused');
  const found = await list(stores[1]!, 'apart');
  same(
    found.map(({ key }) => key),
    inByteOrder(keys),
    'records of all of them',
  );
}
