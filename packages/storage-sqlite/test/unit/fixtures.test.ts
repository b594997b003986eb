import { fileURLToPath } from 'node:url';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { expect, it } from 'vitest';
import { batch, keysOf, list, put } from '../support/batches.ts';
import { driverNames, drivers } from '../support/drivers.ts';
import { copyAsLeft, useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();
const schema1 = fileURLToPath(new URL('../fixtures/schema-1.sqlite', import.meta.url));
const id = (byte: number) => new Uint8Array(16).fill(byte);

it.each(driverNames)('schema 1 opens for ever and can be written to, with %s', async (driver) => {
  const file = path(`${driver.replace(':', '-')}.db`);
  copyAsLeft(schema1, file);
  const store = await SqliteStore.open({ file, Database: drivers[driver] });
  const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
  const account = 'alice%40example.org';
  expect(await list(store, '')).toEqual([
    { key: `${account}/empty`, value: new Uint8Array(), version: 0, revision: id(1) },
    { key: `${account}/identity`, value: everyByte, version: 1, revision: id(1) },
    { key: `${account}/large`, value: new Uint8Array(6_000).fill(0xa5), version: 65_535, revision: id(1) },
    { key: `${account}/trust/~`, value: Uint8Array.of(2), version: 7, revision: id(2) },
  ]);
  const expected = [{ key: `${account}/identity`, revision: id(1) }];
  await store.commit(batch({ expect: expected, put: [put(`${account}/new`, 3)], remove: [`${account}/large`] }));
  expect(await store.integrityCheck()).toEqual([]);
  await store.close();
  const again = await SqliteStore.open({ file, Database: drivers[driver] });
  const wanted = ['empty', 'identity', 'new', 'trust/~'].map((name) => `${account}/${name}`);
  expect(await keysOf(again, account)).toEqual(wanted);
  await again.close();
});
