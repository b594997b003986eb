import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { expect, it } from 'vitest';
import { startChild } from '../support/child.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();

it('three processes with either driver increment one counter, and nothing is lost', async () => {
  const file = path('counter.db');
  // Nobody has made the file yet: the three make it at once.
  const children = ['node:sqlite', 'better-sqlite3', 'node:sqlite'].map((driver) =>
    startChild(new URL('../processes/increment.ts', import.meta.url), { args: [file, driver, '200'] }),
  );
  for (const { lines, code, errors } of await Promise.all(children.map((child) => child.end()))) {
    expect(errors).not.toContain('Error');
    expect(code).toBe(0);
    expect(lines.at(-1)).toContain('200 increments');
  }
  const store = await SqliteStore.open({ file });
  const [record] = await store.get(['counter']);
  expect(new DataView(record!.value.buffer).getUint32(0)).toBe(600);
  expect(await store.integrityCheck()).toEqual([]);
  await store.close();
});

it('three processes that make one file at the same moment all open it', async () => {
  const start = String(Date.now() + 1_500);
  const children = [1, 2, 3].map(() =>
    startChild(new URL('../processes/open-many.ts', import.meta.url), { args: [path('.'), '60', start] }),
  );
  const ends = await Promise.all(children.map((child) => child.end()));
  for (const { lines } of ends) expect(lines).toEqual(Array.from({ length: 60 }, () => 'opened'));
});
