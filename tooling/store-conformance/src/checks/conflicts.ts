import type { Batch, Expectation } from '@omemo-kit/omemo-core/ports';
import { commits, hold, line, rejects, same } from '../assertions.ts';
import { batch, inByteOrder, list, newId, put, read, stored, write } from '../batches.ts';
import type { StoreCheck } from '../store-check.ts';

export const conflictChecks: readonly StoreCheck[] = [
  {
    name: 'conflicts: a stale batch changes nothing',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a/1', 1), put('a/2', 2));
      const second = await write(store, put('a/1', 3));
      const stale = batch({
        expect: [{ key: 'a/1', revision: first.id }],
        put: [put('a/0', 9), put('a/1', 9), put('a/3', 9)],
        remove: ['a/2'],
      });
      await rejects(store.commit(stale), 'conflict', 'a batch that expects a revision of before');
      const wanted = [line(stored(second.put[0]!, second)), line(stored(first.put[1]!, first))];
      same((await list(store, 'a')).map(line), wanted, 'records after a batch that was refused');
    },
  },
  {
    name: 'conflicts: every stale key is named, and no other',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('changed'), put('removed'), put('there'), put('fresh'));
      await write(store, put('changed'));
      await store.commit(batch({ remove: ['removed'] }));
      const expect: readonly Expectation[] = [
        { key: 'fresh', revision: first.id },
        { key: 'changed', revision: first.id },
        { key: 'nowhere', revision: null },
        { key: 'removed', revision: first.id },
        { key: 'there', revision: null },
        { key: 'never', revision: newId() },
      ];
      const error = await rejects(store.commit(batch({ expect, put: [put('x')] })), 'conflict', 'four stale of six');
      const stale = ['changed', 'never', 'removed', 'there'];
      same(inByteOrder([...error.keys]), stale, 'keys of the conflict');
      same(await read(store, 'x'), undefined, 'the record of the batch that was refused');
    },
  },
  {
    name: 'conflicts: an expectation is met by the very revision and by nothing near it',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const { id } = await write(store, put('a'));
      for (const at of [0, 7, 15]) {
        const near = Uint8Array.from(id, (byte, i) => (i === at ? byte ^ 1 : byte));
        await rejects(
          store.commit(batch({ expect: [{ key: 'a', revision: near }], put: [put('a', 9)] })),
          'conflict',
          `a revision that differs in byte ${at}`,
        );
      }
      await store.commit(batch({ expect: [{ key: 'a', revision: new Uint8Array(id) }], put: [put('a', 2)] }));
      same((await read(store, 'a'))?.value, Uint8Array.of(2), 'a record put on its very revision');
    },
  },
  {
    name: 'conflicts: null expects that there is no record',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const create = (): Batch => batch({ expect: [{ key: 'a', revision: null }], put: [put('a')] });
      await store.commit(create());
      const error = await rejects(store.commit(create()), 'conflict', 'null for a record that is there');
      same(error.keys, ['a'], 'keys of the conflict');
      await store.commit(batch({ remove: ['a'] }));
      await store.commit(create());
      const expectAbsent = batch({ expect: [{ key: 'b', revision: null }], remove: ['b'] });
      await store.commit(expectAbsent);
    },
  },
  {
    name: 'conflicts: a record that was removed and put again is another one',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a', 1));
      await store.commit(batch({ remove: ['a'] }));
      await write(store, put('a', 1));
      const stale = batch({ expect: [{ key: 'a', revision: first.id }], put: [put('a', 2)] });
      await rejects(store.commit(stale), 'conflict', 'the revision of before the removal');
    },
  },
  {
    name: 'conflicts: a batch that writes nothing is held to what it expects',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a'));
      await store.commit(batch({ expect: [{ key: 'a', revision: first.id }] }));
      const stale = batch({
        expect: [
          { key: 'a', revision: null },
          { key: 'b', revision: newId() },
        ],
      });
      const error = await rejects(store.commit(stale), 'conflict', 'expectations alone');
      same(inByteOrder([...error.keys]), ['a', 'b'], 'keys of the conflict');
    },
  },
  {
    name: 'conflicts: of two writers that each read what the other writes, one is refused',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      const { id } = await write(store, put('alice', 1), put('bob', 1));
      const expect = ['alice', 'bob'].map((key) => ({ key, revision: id }));
      const both = [batch({ expect, put: [put('alice', 0)] }), batch({ expect, put: [put('bob', 0)] })];
      const outcomes = await Promise.all(both.map((each) => commits(store, each)));
      same(outcomes.filter(Boolean).length, 1, 'writers that got through');
      const left = (await store.get(['alice', 'bob'])).map((record) => record?.value[0] ?? 0);
      hold(left.includes(1), 'one of the two records is as it was read');
    },
  },
];
