import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';
import { all, batch, byteAt, codeOf, type LabEntry, labEntry, put, useLab } from '../browser/lab.ts';
import { openRemote } from '../browser/remote-store.ts';

describeBackend(chromiumAvailability(), 'how IndexedDbStore commits', () => {
  const openTab = useLab();

  it('is one strict transaction that writes, with nothing between its requests but their callbacks', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'commits');
    const first = batch({ put: [put('a/1', 1), put('a/2', 2)] });
    await store.commit(first);
    await page.call('witness');
    await store.commit(
      batch({
        expect: [
          { key: 'a/1', revision: first.id },
          { key: 'a/3', revision: null },
        ],
        put: [put('a/1', 3), put('a/3', 4)],
        remove: ['a/2'],
      }),
    );
    expect(await page.call('takeSeen')).toEqual([
      {
        mode: 'readwrite',
        asked: 'strict',
        durability: 'strict',
        requests: ['get', 'getKey', 'put', 'put', 'delete'],
        committed: 'explicitly',
      },
    ]);
  });

  it('writes nothing in a batch that is stale', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'stale');
    await page.call('witness');
    const stale = batch({ expect: [{ key: 'a', revision: new Uint8Array(16) }], put: [put('a', 1)] });
    expect(await codeOf(store.commit(stale))).toBe('conflict');
    expect(await page.call('takeSeen')).toMatchObject([
      { mode: 'readwrite', requests: ['get'], committed: 'by itself' },
    ]);
  });

  it('reads many records in one transaction, and a listing in one a page', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'reads');
    await store.commit(batch({ put: Array.from({ length: 300 }, (_, i) => put(`a/${i}`, i)) }));
    await page.call('witness');
    await store.get(['a/1', 'a/2', 'a/1']);
    expect(await page.call('takeSeen')).toMatchObject([{ mode: 'readonly', requests: ['get', 'get', 'get'] }]);
    await all(store.list('a'));
    expect(await page.call('takeSeen')).toMatchObject([
      { mode: 'readonly', requests: ['getAll', 'getAll'] },
      { mode: 'readonly', requests: ['getAll'] },
    ]);
  });

  it('the witness sees a promise between reading and writing', async () => {
    const page = await openTab();
    await openRemote(page, 'witness');
    await page.call('witness');
    await page.call('commitWithPromise', 'witness');
    expect(await page.call('takeSeen')).toMatchObject([{ asked: undefined, requests: ['get', 'late put'] }]);
  });

  it('is indeterminate when it is aborted after its writes were handed over, by nobody and for no reason given', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'indeterminate');
    await page.call('abortCommits');
    expect(await codeOf(store.commit(batch({ put: [put('a', 1)] })))).toBe('indeterminate');
    expect(await byteAt(store, 'a')).toBeUndefined();
  });

  it('is tried again on a new handle when it is aborted while it reads, and so is a get', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'aborted');
    const first = batch({ put: [put('a', 1)] });
    await store.commit(first);
    await page.call('abortReads', 1);
    await store.commit(batch({ expect: [{ key: 'a', revision: first.id }], put: [put('a', 2)] }));
    await page.call('abortReads', 1);
    expect(await byteAt(store, 'a')).toBe(2);
  });

  it('is unavailable when it is aborted again while it reads', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'aborted-again');
    const first = batch({ put: [put('a', 1)] });
    await store.commit(first);
    await page.call('abortReads', 2);
    const second = batch({ expect: [{ key: 'a', revision: first.id }], put: [put('a', 2)] });
    expect(await codeOf(store.commit(second))).toBe('unavailable');
    expect(await byteAt(store, 'a')).toBe(1);
  });

  it('loses nothing of two tabs and a worker that count together', async () => {
    const [first, second] = [await openTab(), await openTab()];
    const worker = await first.openWorker<LabEntry>(labEntry);
    const times = 40;
    await Promise.all([first, second, worker].map((realm) => realm.call('count', 'counter', times)));
    expect(await byteAt(await openRemote(second, 'counter'), 'a/counter')).toBe(3 * times);
  });

  it('is refused as corrupt when what is read is no record', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'damaged');
    await page.call('putRaw', 'damaged', { key: 'a/b', value: 'text', version: 1, revision: new Uint8Array(16) });
    expect(await codeOf(store.get(['a/b']))).toBe('corrupt');
    expect(await codeOf(all(store.list('a')))).toBe('corrupt');
  });
});
