import { readFileSync } from 'node:fs';
import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';
import { batch, byteAt, fromHex, put, toHex, useLab } from '../browser/lab.ts';
import type { LayoutFixture } from '../browser/layout-1.ts';
import { openRemote } from '../browser/remote-store.ts';

const fixture: LayoutFixture = JSON.parse(
  readFileSync(new URL('../fixtures/layout-1.json', import.meta.url), 'utf8'),
) as LayoutFixture;

describeBackend(chromiumAvailability(), 'layouts of released databases', () => {
  const openTab = useLab();

  it('opens layout 1 with every record, and goes on in it', async () => {
    const page = await openTab();
    await page.call('recreateLayout1', 'old', fixture);
    const store = await openRemote(page, 'old');
    const keys = fixture.records.map(({ key }) => key);
    const found = (await store.get(keys)).map((record) => ({
      ...record!,
      value: toHex(record!.value),
      revision: toHex(record!.revision),
    }));
    expect(found).toEqual(fixture.records);
    const [first] = fixture.records;
    await store.commit(
      batch({
        expect: [{ key: first!.key, revision: fromHex(first!.revision) }],
        put: [put(first!.key, 9)],
      }),
    );
    expect(await byteAt(store, first!.key)).toBe(9);
  });

  it('still makes layout 1', async () => {
    const page = await openTab();
    const store = await openRemote(page, 'new');
    const records = fixture.records.map(({ key, value, version }) => ({
      key,
      value: fromHex(value),
      version,
    }));
    const id = fromHex(fixture.records[0]!.revision);
    await store.commit(batch({ id, put: records }));
    const identity = toHex(await page.call('identityOf', 'new'));
    expect(identity).toMatch(/^[0-9a-f]{32}$/);
    await page.call('recreateLayout1', 'recreated', { ...fixture, identity });
    expect(await page.call('describeLayout', 'new')).toEqual(await page.call('describeLayout', 'recreated'));
  });
});
