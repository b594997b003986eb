import {
  type Chromium,
  type ChromiumPage,
  chromiumAvailability,
  type EntryRealm,
  launchChromium,
} from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { storeChecks } from '@omemo-kit/store-conformance/checks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Entry = typeof import('../browser/conformance-entry.ts');

const entry = new URL('../browser/conformance-entry.ts', import.meta.url);
/** These need the browser killed, or a profile in which nothing else takes room: crash-and-quota.test.ts. */
const elsewhere = ['crash', 'small place'] as const;
const checks = storeChecks.filter(({ needs }) => !elsewhere.some((capability) => needs.includes(capability)));

describeBackend(chromiumAvailability(), 'IndexedDbStore keeps the contract in Chromium', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterAll(() => chromium?.close());

  for (const where of ['page', 'worker'] as const) {
    describe.concurrent(`in a ${where}`, () => {
      let page: ChromiumPage<Entry>;
      let realm: EntryRealm<Entry>;
      beforeAll(async () => {
        page = await chromium.openPage<Entry>({ entry });
        realm = where === 'page' ? page : await page.openWorker<Entry>(entry);
      });
      afterAll(() => page?.close());

      for (const { name } of checks) {
        it(name, async () => expect(await realm.call('runCheck', name, where)).toBe('holds'));
      }
    });
  }
});
