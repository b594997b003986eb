import { StoreError } from '@omemo-kit/omemo-core/ports';
import { hold, line, rejects, same } from '../assertions.ts';
import { batch, list, listKeys, noise, put, read, stored, write } from '../batches.ts';
import { eventLoopTurn } from '../event-loop-turn.ts';
import type { StoreCheck } from '../store-check.ts';

export const closingChecks: readonly StoreCheck[] = [
  {
    name: 'closing: every later call fails with closed',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await write(store, put('a'));
      await store.close();
      await rejects(store.get(['a']), 'closed', 'get after close');
      await rejects(listKeys(store, 'a'), 'closed', 'list after close');
      await rejects(store.commit(batch({ put: [put('a', 2)] })), 'closed', 'commit after close');
    },
  },
  {
    name: 'closing: a second close does nothing',
    needs: [],
    run: async ({ open }) => {
      const store = await open();
      await store.close();
      await store.close();
      await Promise.all([store.close(), store.close()]);
    },
  },
  {
    name: 'closing: other openers of the place stay open',
    needs: ['several openers'],
    run: async ({ open }) => {
      const [first, second] = [await open(), await open()];
      await write(first, put('a', 1));
      await first.close();
      same((await read(second, 'a'))?.value, Uint8Array.of(1), 'a record, by the other opener');
      await write(second, put('a', 2));
      const third = await open();
      same((await read(third, 'a'))?.value, Uint8Array.of(2), 'a record, by an opener that came later');
    },
  },
  {
    name: 'closing: a commit under way is done whole or not at all',
    needs: ['reopening'],
    run: async ({ open }) => {
      for (let turns = 0; turns <= 5; turns++) {
        const store = await open();
        const keys = Array.from({ length: 200 }, (_, i) => `c/${turns}/${i}`);
        const committing = Promise.allSettled([store.commit(batch({ put: keys.map((key) => put(key)) }))]);
        for (let turn = 0; turn < turns; turn++) await eventLoopTurn();
        await store.close();
        const [commit] = await committing;
        const again = await open();
        const { length } = await listKeys(again, `c/${turns}`);
        await again.close();
        hold(length === 0 || length === keys.length, `${length} of 200 records are there after a close`);
        if (commit.status === 'fulfilled') same(length, keys.length, 'records of a commit that resolved');
        else {
          const { reason } = commit;
          const isKnown = reason instanceof StoreError && ['closed', 'indeterminate'].includes(reason.code);
          hold(isKnown, `the commit failed with ${String(reason)}`);
          if (reason.code === 'closed') same(length, 0, 'records of a commit that failed with closed');
        }
      }
    },
  },
  {
    name: 'reopening: everything is as it was left',
    needs: ['reopening'],
    run: async ({ open }) => {
      const store = await open();
      const first = await write(store, put('a/1', 1), put('a/2', 2), put('b'));
      const second = batch({ put: [{ key: 'a/3', value: Uint8Array.of(0, 255), version: 65_535 }], remove: ['a/1'] });
      await store.commit(second);
      await store.close();
      const again = await open();
      const wanted = [line(stored(first.put[1]!, first)), line(stored(second.put[0]!, second))];
      same((await list(again, 'a')).map(line), wanted, 'list after reopening');
      await again.commit(batch({ expect: [{ key: 'a/2', revision: first.id }], remove: ['a/2'] }));
      await again.close();
      same(await read(await open(), 'a/2'), undefined, 'a record removed after reopening');
    },
  },
  {
    name: 'reopening: another place has other records',
    needs: [],
    run: async ({ open, openElsewhere }) => {
      const [here, elsewhere] = [await open(), await openElsewhere()];
      await write(here, put('a', 1));
      same(await listKeys(elsewhere, 'a'), [], 'records elsewhere');
      await elsewhere.commit(batch({ remove: ['a'] }));
      same((await read(here, 'a'))?.value, Uint8Array.of(1), 'the record here');
    },
  },
  {
    name: 'crashes: what had resolved is there, the rest whole or not at all',
    needs: ['crash'],
    run: async ({ open, crash }) => {
      const store = await open();
      const resolved: number[] = [];
      const keysOf = (i: number): string[] => Array.from({ length: 20 }, (_, n) => `crash/${i}/${n}`);
      const commits = Array.from({ length: 10 }, async (_, i) => {
        await store.commit(batch({ put: keysOf(i).map((key) => put(key)) }));
        resolved.push(i);
      });
      // Nobody waits for those that the crash leaves without an answer.
      void Promise.allSettled(commits);
      await commits[4];
      const before = [...resolved];
      await crash();
      const again = await open();
      for (let i = 0; i < 10; i++) {
        const { length } = await listKeys(again, `crash/${i}`);
        if (before.includes(i)) same(length, 20, `records of commit ${i}, which had resolved before the crash`);
        hold(length === 0 || length === 20, `${length} of 20 records of a commit are there after a crash`);
      }
    },
  },
  {
    name: 'quota: a batch that does not fit is refused without effect, a small one goes through',
    needs: ['small place'],
    run: async ({ openSmall }) => {
      const store = await openSmall();
      const first = await write(store, { ...put('q/1'), value: new Uint8Array(1024) });
      const large = batch({
        put: [put('q/0', 9), put('q/1', 9), { ...put('q/2'), value: noise(1 << 20) }],
        remove: ['q/3'],
      });
      await rejects(store.commit(large), 'quota', 'a commit of 1 MiB into 256 KiB');
      same((await list(store, 'q')).map(line), [line(stored(first.put[0]!, first))], 'records after that');
      await write(store, put('q/2', 1));
    },
  },
  {
    name: 'newer releases: what they wrote is left alone',
    needs: ['newer release'],
    run: async ({ open, makeNewer }) => {
      const store = await open();
      await write(store, put('a', 1));
      await store.close();
      await makeNewer();
      const attempt = async (): Promise<void> => {
        await (await open()).commit(batch({ put: [put('a', 2)] }));
      };
      await rejects(attempt(), 'newer-schema', 'opening a place of a newer release, or its first call');
    },
  },
];
