import { chromiumAvailability, launchChromium } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';
import { batch, type LabEntry, labEntry, put } from '../browser/lab.ts';
import { openRemote } from '../browser/remote-store.ts';
import { countSyncs, straceAvailability } from './sync-counter.ts';

const availability = chromiumAvailability();

describeBackend(availability.available ? straceAvailability() : availability, 'durability of IndexedDbStore', () => {
  it('is an fdatasync for every commit, of which a relaxed transaction has none', async () => {
    const chromium = await launchChromium();
    try {
      const page = await chromium.openPage<LabEntry>({ entry: labEntry });
      const store = await openRemote(page, 'durable');
      const watch = (work: () => Promise<void>) =>
        countSyncs({ processes: chromium.processes, part: 'IndexedDB', work });
      const times = 20;
      const strict = await watch(async () => {
        for (let i = 0; i < times; i++) await store.commit(batch({ put: [put(`strict/${i}`, i)] }));
      });
      expect(strict).toBeGreaterThanOrEqual(times);
      expect(await watch(() => page.call('writeRelaxed', 'durable', times))).toBeLessThan(times / 2);
    } finally {
      await chromium.close();
    }
  });
});
