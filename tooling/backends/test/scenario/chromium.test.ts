import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Chromium, chromiumAvailability, launchChromium } from '../../src/chromium/index.ts';
import { runningInGroup } from '../../src/chromium/process-group.ts';
import { describeBackend } from '../../src/vitest/index.ts';

type NoteEntry = typeof import('./note-entry.ts');

const entry = new URL('note-entry.ts', import.meta.url);

describeBackend(chromiumAvailability(), 'a Chromium for tests', () => {
  it('calls what an entry exports, in pages and workers of one secure origin without eval', async () => {
    const chromium = await launchChromium();
    const { userDataDir, pid } = chromium;
    try {
      const page = await chromium.openPage<NoteEntry>({ entry });
      const worker = await page.openWorker<NoteEntry>(entry);
      for (const realm of [page, worker]) {
        expect(await realm.call('add', 1, 2)).toBe(3);
        expect(await realm.call('reversed', Uint8Array.of(1, 2, 3).subarray(1))).toEqual(Uint8Array.of(3, 2));
        expect(await realm.call('place')).toEqual({ origin: chromium.origin, isSecure: true });
        await expect(realm.call('fail')).rejects.toThrow('RangeError: out of range');
      }
      expect(await worker.call('evaluates')).toBe(false);
      await page.call('note', 'kept');
      await page.reload();
      expect(await page.call('noted')).toBe('kept');
      const window = await chromium.openPage<NoteEntry>({ entry, window: 'private' });
      expect(await window.call('noted')).toBeNull();
    } finally {
      await chromium.close();
    }
    expect(runningInGroup(pid)).toEqual([]);
    expect(existsSync(userDataDir)).toBe(false);
  });

  it('killed, it is gone at once, its calls end, and its profile goes on under the same origin', async () => {
    const userDataDir = await mkdtemp(join(tmpdir(), 'omemo-kit-profile-'));
    let chromium: Chromium | undefined;
    try {
      chromium = await launchChromium({ userDataDir });
      const { origin, pid } = chromium;
      const page = await chromium.openPage<NoteEntry>({ entry });
      const call = expect(page.call('forever')).rejects.toMatchObject({ code: 'gone' });
      expect(chromium.processes).toContain(pid);
      await chromium.kill();
      expect(runningInGroup(pid)).toEqual([]);
      await call;
      await chromium.close();
      chromium = await launchChromium({ userDataDir });
      const again = await chromium.openPage<NoteEntry>({ entry });
      expect(await again.call('place')).toEqual({ origin, isSecure: true });
    } finally {
      await chromium?.close();
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
  });
});
