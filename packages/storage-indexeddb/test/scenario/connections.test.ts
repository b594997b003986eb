import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';
import { batch, byteAt, codeOf, put, useLab } from '../browser/lab.ts';
import { openRemote } from '../browser/remote-store.ts';

describeBackend(chromiumAvailability(), 'connections of IndexedDbStore', () => {
  const openTab = useLab();

  it('make way for an upgrade elsewhere, and refuse what it has written', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const store = await openRemote(page, 'upgraded');
    await store.commit(batch({ put: [put('a', 1)] }));
    await other.call('upgrade', 'upgraded', 2);
    expect(await codeOf(store.get(['a']))).toBe('newer-schema');
    expect(await codeOf(store.commit(batch({ put: [put('a', 2)] })))).toBe('newer-schema');
    expect(await codeOf(openRemote(other, 'upgraded'))).toBe('newer-schema');
    expect(await page.call('versionOf', 'upgraded')).toBe(2);
  });

  it('go on after an upgrade elsewhere that was given up', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const store = await openRemote(page, 'abandoned');
    await store.commit(batch({ put: [put('a', 1)] }));
    await other.call('abandonUpgrade', 'abandoned', 2);
    expect(await byteAt(store, 'a')).toBe(1);
  });

  it('are closed when the database is deleted, and do not make it anew', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const store = await openRemote(page, 'deleted');
    await store.commit(batch({ put: [put('a', 1)] }));
    await other.call('remove', 'deleted');
    expect(await codeOf(store.get(['a']))).toBe('closed');
    expect(await codeOf(store.commit(batch({ put: [put('a', 2)] })))).toBe('closed');
    expect(await page.call('versionOf', 'deleted')).toBe(0);
  });

  it('are closed when another database has taken the name', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const store = await openRemote(page, 'anew');
    await other.call('remove', 'anew');
    const anew = await openRemote(other, 'anew');
    expect(await codeOf(store.commit(batch({ put: [put('a', 2)] })))).toBe('closed');
    expect(await byteAt(anew, 'a')).toBeUndefined();
  });

  it('are closed when the user clears the data of the site', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'cleared');
    await store.commit(batch({ put: [put('a', 1)] }));
    const session = await page.page.context().newCDPSession(page.page);
    const { origin } = new URL(page.page.url());
    await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    expect(await codeOf(store.commit(batch({ put: [put('a', 2)] })))).toBe('closed');
    expect(await codeOf(store.get(['a']))).toBe('closed');
  });

  it('are opened again when the browser has closed a handle without a word', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'dropped');
    await store.commit(batch({ put: [put('a', 1)] }));
    await page.call('closeHandles');
    const found = await Promise.all([byteAt(store, 'a'), byteAt(store, 'a')]);
    expect(found).toEqual([1, 1]);
    await page.call('closeHandles');
    await store.commit(batch({ put: [put('a', 2)] }));
    expect(await byteAt(store, 'a')).toBe(2);
    await store.close();
    await page.call('remove', 'dropped');
  });
});
