import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { describe, expect, it } from 'vitest';
import { batch, codeOf, keysOf, list, put } from '../support/batches.ts';
import { driverNames, drivers } from '../support/drivers.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();
const large = (key: string, size: number) => ({ key, value: new Uint8Array(size).fill(7), version: 1 });

describe.each(driverNames)('SqliteStore with %s', (driver) => {
  const Database = drivers[driver];
  const at = (name: string) => path(`${driver.replace(':', '-')}-${name}.db`);

  it('gets thousands of records from one moment', async () => {
    const store = await SqliteStore.open({ file: at('many'), Database });
    const keys = Array.from({ length: 4_000 }, (_, i) => `m/${i}`);
    await store.commit(batch({ put: keys.map((key, i) => put(key, i % 256)) }));
    const found = await store.get([...keys, 'm/none', 'm/0']);
    expect(found.map((record) => record?.value[0])).toEqual([...keys.map((_, i) => i % 256), undefined, 0]);
    await store.close();
  });

  it('keeps a database in memory to itself', async () => {
    const [first, second] = [
      await SqliteStore.open({ file: ':memory:', Database }),
      await SqliteStore.open({ file: ':memory:', Database }),
    ];
    await first.commit(batch({ put: [put('a', 1)] }));
    expect([await keysOf(first, ''), await keysOf(second, '')]).toEqual([['a'], []]);
    await Promise.all([first.close(), second.close()]);
  });

  it('takes arrays as they were when it was called, and gives plain ones out', async () => {
    const store = await SqliteStore.open({ file: at('arrays'), Database });
    const changing = batch({ put: [put('a', 1, 2), put('empty')] });
    const id = new Uint8Array(changing.id);
    const done = store.commit(changing);
    changing.put[0]?.value.fill(9);
    changing.id.fill(9);
    await done;
    const asked = ['a', 'empty'];
    const reading = store.get(asked);
    asked.reverse();
    const [record, empty] = await reading;
    expect(record).toEqual({ key: 'a', value: Uint8Array.of(1, 2), version: 1, revision: id });
    expect(empty?.value).toEqual(new Uint8Array());
    expect([record?.value.constructor, record?.revision.constructor]).toEqual([Uint8Array, Uint8Array]);
    await store.close();
  });

  it('refuses malformed keys and batches', async () => {
    const store = await SqliteStore.open({ file: ':memory:', Database });
    for (const key of ['', '/', 'a//b', 'a/', 'a b', 'ä']) {
      expect(await codeOf(store.get([key]))).toBe('invalid-batch');
      expect(await codeOf(store.commit(batch({ remove: [key] })))).toBe('invalid-batch');
      if (key !== '') expect(await codeOf(keysOf(store, key))).toBe('invalid-batch');
    }
    await store.close();
    expect(await codeOf(store.checkpoint())).toBe('closed');
    expect(await codeOf(store.integrityCheck())).toBe('closed');
  });

  it('is full at maxBytes, lets records be replaced and removed, and has their room again', async () => {
    const store = await SqliteStore.open({ file: at('full'), Database, maxBytes: 200 * 1024 });
    await store.commit(batch({ put: [large('q/1', 60_000), large('q/2', 60_000)] }));
    expect(await codeOf(store.commit(batch({ put: [large('q/3', 100_000)], remove: ['q/none'] })))).toBe('quota');
    await store.commit(batch({ put: [large('q/1', 60_000)] }));
    await store.commit(batch({ remove: ['q/2'] }));
    await store.commit(batch({ put: [large('q/3', 100_000)] }));
    expect(await keysOf(store, 'q')).toEqual(['q/1', 'q/3']);
    await store.close();
    expect(statSync(at('full')).size).toBeLessThanOrEqual(200 * 1024);
  });

  it('holds nothing open between the pages of a listing', async () => {
    const file = at('pages');
    const store = await SqliteStore.open({ file, Database });
    await store.commit(
      batch({ put: Array.from({ length: 600 }, (_, i) => large(`l/${String(i).padStart(3, '0')}`, 5_000)) }),
    );
    const listing = store.list('l');
    expect((await listing.next()).value?.key).toBe('l/000');
    const other = await SqliteStore.open({ file, Database });
    // A statement that is open would keep the WAL from being emptied.
    expect(await other.checkpoint()).toBe('emptied');
    await other.commit(batch({ remove: ['l/500'] }));
    const rest: string[] = [];
    for await (const { key } of listing) rest.push(key);
    expect(rest).toHaveLength(598);
    await Promise.all([store.close(), other.close()]);
  });

  it('lists large values in small pages, and gives way to timers', async () => {
    const store = await SqliteStore.open({ file: at('large'), Database });
    for (let i = 0; i < 12; i++)
      await store.commit(batch({ put: [large(`v/${i}/a`, 1 << 20), large(`v/${i}/b`, 1 << 20)] }));
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setTimeout(count, 0);
    };
    let timer = setTimeout(count, 0);
    expect((await list(store, 'v')).reduce((sum, { value }) => sum + value.length, 0)).toBe(24 << 20);
    clearTimeout(timer);
    expect(turns).toBeGreaterThan(0);
    await store.close();
  });

  it('ends a listing that is closed in the middle, and a commit that waits its turn', async () => {
    const store = await SqliteStore.open({ file: at('closing'), Database });
    await store.commit(batch({ put: [put('l/1'), put('l/2')] }));
    const listing = store.list('l');
    await listing.next();
    const waiting = codeOf(store.commit(batch({ put: [put('late')] })));
    await store.close();
    expect([await waiting, await codeOf(listing.next())]).toEqual(['closed', 'closed']);
    const again = await SqliteStore.open({ file: at('closing'), Database });
    expect(await keysOf(again, '')).toEqual(['l/1', 'l/2']);
    await again.close();
  });

  it('does not let the WAL grow without bound, and leaves none behind', async () => {
    const file = at('wal');
    const store = await SqliteStore.open({ file, Database });
    let longest = 0;
    for (let i = 0; i < 60; i++) {
      await store.commit(batch({ put: [large(`w/${i % 3}`, 400_000)] }));
      longest = Math.max(longest, statSync(`${file}-wal`).size);
    }
    // 24 MB were written; it starts over at 1,000 pages, which the last commit may go beyond.
    expect(longest).toBeLessThan(6 << 20);
    await store.close();
    expect(() => statSync(`${file}-wal`)).toThrow('ENOENT');
    expect(new DatabaseSync(file).prepare('SELECT count(*) AS n FROM records').get()).toEqual({ n: 3 });
  });
});
