import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';
import { batch, byteAt, codeOf, type LabEntry, labEntry, put, useLab } from '../browser/lab.ts';
import { openRemote } from '../browser/remote-store.ts';

describeBackend(chromiumAvailability(), 'opening an IndexedDbStore', () => {
  const openTab = useLab();

  it('waits for who is in the way, so long as it has patience, and leaves nothing behind', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const held = await other.call('hold', 'waiting', 1);
    await other.call('startRemoval', 'waiting');
    const error: unknown = await openRemote(page, 'waiting', { patience: 100 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('within 100 ms') });
    // Held by nobody any more, it is deleted. The opening that was given up comes after that, and makes no database.
    await other.call('letGo', held);
    await other.call('remove', 'waiting');
    expect(await page.call('versionOf', 'waiting')).toBe(0);
  });

  it('makes no database where the application knows that it had one', async () => {
    const page = await openTab();
    const error: unknown = await openRemote(page, 'had-one', { missing: 'refuse' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('none is to be made') });
    expect(await page.call('versionOf', 'had-one')).toBe(0);
    await openRemote(page, 'had-one');
    expect(await page.call('historyOfLast')).toBe('made');
    await openRemote(page, 'had-one', { missing: 'refuse' });
    expect(await page.call('historyOfLast')).toBe('found');
  });

  it('goes on when the way is free', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const held = await other.call('hold', 'free', 1);
    await other.call('startRemoval', 'free');
    const opening = openRemote(page, 'free');
    // The other connection is let go after the opening has been asked for.
    await page.call('versionOf', 'free');
    await other.call('letGo', held);
    const store = await opening;
    await store.commit(batch({ put: [put('a', 1)] }));
    expect(await byteAt(store, 'a')).toBe(1);
  });

  it('tells that an older version is open elsewhere', async () => {
    const [page, other] = [await openTab(), await openTab()];
    const held = await other.call('hold', 'older', 1);
    const blocked: unknown = await page.call('openAsNewer', 'older', 100);
    expect(blocked).toMatchObject({ code: 'unavailable', message: expect.stringContaining('in an older version') });
    const opening = page.call('openAsNewer', 'older', 10_000);
    await page.call('versionOf', 'older');
    await other.call('letGo', held);
    // It is the database of nobody, without the object stores; but it was opened.
    expect(await opening).toMatchObject({ code: 'corrupt' });
  });

  it('refuses the database of another program and leaves it as it is', async () => {
    const page = await openTab();
    await page.call('makeForeign', 'foreign');
    const before = await page.call('describeLayout', 'foreign');
    expect(await codeOf(openRemote(page, 'foreign'))).toBe('corrupt');
    expect(await page.call('describeLayout', 'foreign')).toEqual(before);
  });

  it.each([
    ['absent', 'no IndexedDB'],
    ['getter throws', 'not allowed'],
    ['open throws', 'not allowed'],
    ['open fails', 'private windows'],
  ] as const)('says why there is no IndexedDB: %s', async (how, why) => {
    const page = await openTab();
    await page.call('forbidIndexedDb', how);
    const error: unknown = await openRemote(page, 'forbidden').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(why) });
  });

  it('works off the record, and is gone with the window', async () => {
    const page = await openTab({ window: 'private' });
    const store = await openRemote(page, 'private');
    await store.commit(batch({ put: [put('a', 1)] }));
    expect(await byteAt(store, 'a')).toBe(1);
    const elsewhere = await openTab();
    expect(await elsewhere.call('versionOf', 'private')).toBe(0);
  });

  it('works under a policy that forbids inline code, eval and connections', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'strict');
    await store.commit(batch({ put: [put('a', 1)] }));
    const response = await page.page.reload();
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(await byteAt(await openRemote(page, 'strict'), 'a')).toBe(1);
  });

  it('asks once for the data to be kept, and tells the answer without waiting for it', async () => {
    const page = await openTab();
    await page.call('answerPersist', 'no');
    await openRemote(page, 'persist', { persist: 'ask' });
    expect(await page.call('persistenceOf', 0)).toBe('refused');
    expect(await page.call('timesAskedToPersist')).toBe(1);
    await page.call('answerPersist', 'yes');
    await openRemote(page, 'persist', { persist: 'ask' });
    expect(await page.call('persistenceOf', 1)).toBe('granted');
    await page.call('answerPersist', 'never');
    const store = await openRemote(page, 'persist', { persist: 'ask' });
    expect(await byteAt(store, 'a')).toBeUndefined();
    expect(await page.call('timesAskedToPersist')).toBe(1);
  });

  it('does not ask when told not to, nor in a worker, where nobody can', async () => {
    const page = await openTab();
    await page.call('answerPersist', 'yes');
    await openRemote(page, 'unasked', { persist: 'never' });
    expect(await page.call('persistenceOf', 0)).toBe('not-asked');
    expect(await page.call('timesAskedToPersist')).toBe(0);
    const worker = await page.openWorker<LabEntry>(labEntry);
    await openRemote(worker, 'unasked', { persist: 'ask' });
    expect(await worker.call('persistenceOf', 0)).toBe('not-asked');
  });
});
