import { hold, line, rejects, same } from '../assertions.ts';
import { batch, listKeys, newId, put, read, stored, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

export const commitChecks: readonly StoreCheck[] = [
  {
    name: 'commits: a batch puts and removes together and leaves the rest alone',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a/1', 1), put('a/2', 2), put('a/3', 3));
      const second = batch({ put: [put('a/1', 9), put('a/4', 4)], remove: ['a/2', 'a/absent'] });
      await store.commit(second);
      const found = (await store.get(['a/1', 'a/2', 'a/3', 'a/4'])).map(line);
      const [a1, a4] = second.put.map((each) => line(stored(each, second)));
      same(found, [a1, 'absent', line(stored(first.put[2]!, first)), a4], 'records after a batch');
      same(await listKeys(store, 'a'), ['a/1', 'a/3', 'a/4'], 'list after a batch');
    },
  },
  {
    name: 'commits: removing what is absent is no error, twice neither',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await store.commit(batch({ remove: ['absent'] }));
      await write(store, put('a'));
      await store.commit(batch({ remove: ['a'] }));
      await store.commit(batch({ remove: ['a'] }));
      same(await read(store, 'a'), undefined, 'a record after it was removed');
    },
  },
  {
    name: 'commits: an empty batch goes through',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await store.commit(batch({}));
      await write(store, put('a'));
      await store.commit(batch({}));
      same((await listKeys(store, 'a')).length, 1, 'records after an empty batch');
    },
  },
  {
    name: 'commits: an id that was used before is a revision like any other',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const id = newId();
      await store.commit(batch({ id, put: [put('a', 1)] }));
      await store.commit(batch({ id, put: [put('b', 2)] }));
      await store.commit(batch({ id, expect: [{ key: 'a', revision: id }], put: [put('a', 3)], remove: ['b'] }));
      const again = batch({ id, put: [put('a', 4)] });
      await store.commit(again);
      same(line(await read(store, 'a')), line(stored(again.put[0]!, again)), 'a record under the same id again');
      same(await read(store, 'b'), undefined, 'the record removed under the same id');
    },
  },
  {
    name: 'commits: 5,000 records are put, replaced and removed in one batch each',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const keys = Array.from({ length: 5_000 }, (_, i) => `big/${i}`);
      const first = batch({
        expect: keys.map((key) => ({ key, revision: null })),
        put: keys.map((key, i) => put(key, i & 0xff, i >> 8)),
      });
      await store.commit(first);
      const found = await store.get(keys);
      const wrong = found.findIndex((record, i) => line(record) !== line(stored(first.put[i]!, first)));
      hold(wrong < 0, `record ${wrong} of 5,000 is ${line(found[wrong])}`);

      const last = keys.at(-1)!;
      await write(store, put(last, 7));
      const expectFirst = keys.map((key) => ({ key, revision: first.id }));
      const stale = batch({ expect: expectFirst, put: keys.map((key) => put(key, 9)) });
      const error = await rejects(store.commit(stale), 'conflict', 'a batch of 5,000 with one stale record');
      same(error.keys, [last], 'stale keys of 5,000');
      same((await read(store, keys[0]!))?.revision, first.id, 'the first record of a batch that was refused');

      await store.commit(batch({ expect: expectFirst.slice(0, -1), remove: keys }));
      same(await listKeys(store, 'big'), [], 'list after 5,000 were removed');
    },
  },
];
