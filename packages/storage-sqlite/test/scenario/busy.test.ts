import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { describe, expect, it } from 'vitest';
import { batch, codeOf, keysOf, put } from '../support/batches.ts';
import { startChild } from '../support/child.ts';
import { driverNames, drivers } from '../support/drivers.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();

/** A store, and another process that has its file locked until `release`. */
async function lockedStore(name: string, options: { driver: (typeof driverNames)[number]; busyTimeout: number }) {
  const file = path(`${name}-${options.driver.replace(':', '-')}.db`);
  const { busyTimeout } = options;
  const store = await SqliteStore.open({ file, Database: drivers[options.driver], busyTimeout });
  await store.commit(batch({ put: [put('held', 1)] }));
  const holder = startChild(new URL('../processes/hold-lock.ts', import.meta.url), { args: [file] });
  expect(await holder.line()).toBe('locked');
  const release = async () => {
    holder.process.stdin.end('go\n');
    expect(await holder.end()).toMatchObject({ code: 0, errors: expect.not.stringContaining('Error:') });
  };
  return { store, release };
}

const nextTick = () => new Promise<void>((resolve) => void setTimeout(resolve, 1));

describe.each(driverNames)('another process holds the write lock, %s', (driver) => {
  it('commits wait for it in order while the event loop turns and readers read', async () => {
    const { store, release } = await lockedStore('waits', { driver, busyTimeout: 60_000 });
    const done: number[] = [];
    const commits = [1, 2, 3].map((i) => store.commit(batch({ put: [put('a', i)] })).then(() => void done.push(i)));
    // The lock is released from this event loop: were it blocked until the lock is free, this test would never end.
    for (let i = 0; i < 5; i++) await nextTick();
    expect((await store.get(['held', 'a'])).map((record) => record?.value[0])).toEqual([1, undefined]);
    expect(await keysOf(store, 'held')).toEqual(['held']);
    expect(done).toEqual([]);
    await release();
    await Promise.all(commits);
    expect(done).toEqual([1, 2, 3]);
    expect((await store.get(['a']))[0]?.value).toEqual(Uint8Array.of(3));
    await store.close();
  });

  it('a commit gives up with unavailable, and nothing has happened; a waiting one is closed', async () => {
    const { store, release } = await lockedStore('gives-up', { driver, busyTimeout: 30 });
    const late = await Promise.all([1, 2, 3].map((i) => codeOf(store.commit(batch({ put: [put('late', i)] })))));
    expect(late).toEqual(['unavailable', 'unavailable', 'unavailable']);
    const waiting = codeOf(store.commit(batch({ put: [put('late')] })));
    await Promise.resolve();
    await store.close();
    expect(await waiting).toBe('closed');
    await release();
    const again = await SqliteStore.open({ file: path(`gives-up-${driver.replace(':', '-')}.db`) });
    expect(await keysOf(again, '')).toEqual(['held']);
    await again.close();
  });

  it('a file that is there is opened all the same, for that takes no lock', async () => {
    const { store, release } = await lockedStore('opens', { driver, busyTimeout: 30 });
    const second = await SqliteStore.open({
      file: path(`opens-${driver.replace(':', '-')}.db`),
      Database: drivers[driver],
    });
    expect(await keysOf(second, '')).toEqual(['held']);
    await Promise.all([store.close(), second.close()]);
    await release();
  });
});
