import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chromium, chromiumAvailability, launchChromium } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import type { Capability, StoreConformanceOptions } from '@omemo-kit/store-conformance/checks';
import { runStoreCheck, storeChecks } from '@omemo-kit/store-conformance/checks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRemote, type RemoteRealm, remoteEntry } from '../browser/remote-store.ts';

describeBackend(chromiumAvailability(), 'IndexedDbStore in a Chromium that is killed or short of room', () => {
  let userDataDir: string;
  let chromium: Chromium;
  let page: RemoteRealm & { limitQuota(bytes: number | undefined): Promise<void> };

  async function start(): Promise<void> {
    chromium = await launchChromium({ userDataDir });
    page = await chromium.openPage<typeof import('../browser/remote-entry.ts')>({ entry: remoteEntry });
  }

  beforeAll(async () => {
    userDataDir = await mkdtemp(join(tmpdir(), 'omemo-kit-profile-'));
    await start();
  });
  afterAll(async () => {
    await chromium?.close();
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });

  const options: StoreConformanceOptions = {
    name: 'IndexedDbStore',
    open: (place) => openRemote(page, place),
    crash: async () => {
      await chromium.kill();
      await chromium.close();
      await start();
    },
    openSmall: async (place) => {
      await page.limitQuota(256 * 1024);
      return openRemote(page, place);
    },
  };

  for (const check of checksThatNeed('small place')) it(check.name, () => runStoreCheck(check, options));
  for (const check of checksThatNeed('crash')) it(check.name, () => runStoreCheck(check, options));

  it('says that the browser threw a damaged database away', async () => {
    const store = await openRemote(page, 'damaged');
    await store.commit({ id: new Uint8Array(16), expect: [], put: [], remove: [] });
    await chromium.close();
    const folder = join(userDataDir, 'Default', 'IndexedDB');
    const [database] = (await readdir(folder)).filter((name) => name.endsWith('.leveldb'));
    const files = (await readdir(join(folder, database!))).filter((name) => name.startsWith('MANIFEST'));
    for (const name of files) await writeFile(join(folder, database!, name), 'no manifest');
    await start();
    await openRemote(page, 'damaged');
    expect(await page.call('historyOfLast')).toBe('made after a loss');
  });
});

function checksThatNeed(capability: Capability) {
  return storeChecks.filter(({ needs }) => needs.includes(capability));
}
