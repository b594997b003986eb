import { SharedMemory } from '@omemo-kit/storage-memory';
import { expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { batch, list, put, write } from '../support/batches.ts';
import { key } from '../support/keys.ts';

const names = Array.from({ length: 300 }, (_, i) => `l/${String((i * 7919) % 300).padStart(3, '0')}`);
const ordered = [...names].sort();

async function filled(bytes: number): Promise<{ memory: SharedMemory; store: EncryptedStore; gets: () => number }> {
  const memory = new SharedMemory();
  let gets = 0;
  const inner = memory.open({
    pause: ({ operation, when }) => {
      if (operation === 'get' && when === 'before') gets++;
    },
  });
  const store = await EncryptedStore.open({ store: inner, key });
  await store.commit(
    batch({
      put: names.map((name) => ({ key: name, value: new Uint8Array(bytes).fill(Number(name.slice(2))), version: 1 })),
    }),
  );
  gets = 0;
  return { memory, store, gets: () => gets };
}

test.each([
  { bytes: 100, pages: 0 },
  // 3 MiB: a third is kept from the first pass, the rest is read again in pages.
  { bytes: 10_000, pages: 5 },
])('values of $bytes bytes come in order and whole', async ({ bytes, pages }) => {
  const { store, gets } = await filled(bytes);
  const found = await list(store, 'l');
  expect(found.map((record) => record.key)).toEqual(ordered);
  for (const { key: name, value } of found)
    expect([name, value.length, value.every((byte) => byte === Number(name.slice(2)) % 256)]).toEqual([
      name,
      bytes,
      true,
    ]);
  expect(gets()).toBe(pages);
});

test('a record removed or changed since the first pass is left out, or comes as it is now', async () => {
  const { store } = await filled(10_000);
  const found = new Map<string, string>();
  for await (const { key: name, value } of store.list('l')) {
    found.set(name, String(value.length));
    if (found.size === 1) {
      await store.commit(batch({ remove: ordered.slice(100, 200) }));
      await write(store, ...ordered.slice(200, 300).map((each) => put(each, 'new')));
    }
  }
  const isLeft = (name: string, i: number) => i < 100 || i >= 200 || found.has(name);
  expect([...found.keys()]).toEqual(ordered.filter(isLeft));
  // What was kept from the first pass may still come; what was not must be read anew.
  const lengths = ordered.slice(200).map((name) => found.get(name));
  expect(new Set(lengths)).toEqual(new Set(['10000', '3']));
  expect(found.size).toBeLessThan(300);
});

test('a listing of a store that is closed meanwhile ends with closed', async () => {
  const { store } = await filled(10);
  const reading = (async () => {
    for await (const _ of store.list('l')) await store.close();
  })();
  await expect(reading).rejects.toMatchObject({ code: 'closed' });
});
