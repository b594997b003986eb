import type { Batch, Store, StoredRecord } from '@omemo-kit/omemo-core/ports';
import { MemoryStore, SharedMemory } from '@omemo-kit/storage-memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { list } from '../support/batches.ts';
import { codeOf } from '../support/errors.ts';
import { key } from '../support/keys.ts';

const segment = fc.constantFrom('a', 'b', 'B', 'a-', '%41', '~', '!', '0');
const name = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const id = fc.uint8Array({ minLength: 16, maxLength: 16 });
const names = (maxLength: number) => fc.uniqueArray(name, { maxLength });

type Step =
  | { readonly type: 'commit'; readonly batch: Batch; readonly isStale: boolean; readonly by: number }
  | { readonly type: 'list'; readonly prefix: string; readonly by: number }
  | { readonly type: 'get'; readonly keys: readonly string[]; readonly by: number }
  | { readonly type: 'reopen'; readonly by: number };

const by = fc.integer({ min: 0, max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        id,
        expected: names(2),
        written: names(5),
        removed: names(3),
        value: fc.uint8Array(),
        isStale: fc.boolean(),
        by,
      })
      .map(({ expected, written, removed, value, isStale, by, ...rest }): Step => {
        const put = written.map((each, i) => ({ key: each, value: value.slice(i), version: i * 13_107 }));
        const remove = removed.filter((each) => !written.includes(each));
        // Filled in with what the model has, or left wrong.
        const expect = expected.map((each) => ({ key: each, revision: new Uint8Array(16) }));
        return { type: 'commit', batch: { id: rest.id, expect, put, remove }, isStale, by };
      }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('list' as const), prefix: name, by }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('get' as const), keys: names(6), by }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reopen' as const), by }) },
);

async function outcome(call: Promise<readonly (StoredRecord | undefined)[]>): Promise<unknown> {
  return (await call).map(
    (record) => record && { ...record, value: [...record.value], revision: [...record.revision] },
  );
}

test('two stores on one memory do what a plain memory does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const memory = new SharedMemory();
      const open = (): Promise<Store> => EncryptedStore.open({ store: memory.open(), key });
      const stores = [await open(), await open()];
      const model = new MemoryStore();
      for (const each of steps) {
        const store = stores[each.by] as Store;
        switch (each.type) {
          case 'commit': {
            const now = await model.get(each.batch.expect.map((expected) => expected.key));
            const expected = each.batch.expect.map(({ key: at, revision }, i) => ({
              key: at,
              revision: each.isStale ? revision : (now[i]?.revision ?? null),
            }));
            const batch = { ...each.batch, expect: expected };
            expect(await codeOf(store.commit(batch))).toBe(await codeOf(model.commit(batch)));
            break;
          }
          case 'list':
            expect(await outcome(list(store, each.prefix))).toEqual(await outcome(list(model, each.prefix)));
            break;
          case 'get':
            expect(await outcome(store.get(each.keys))).toEqual(await outcome(model.get(each.keys)));
            break;
          case 'reopen':
            await store.close();
            stores[each.by] = await open();
        }
      }
      for (const store of stores) expect(await outcome(list(store, ''))).toEqual(await outcome(list(model, '')));
    }),
    { numRuns: 150 },
  );
});
