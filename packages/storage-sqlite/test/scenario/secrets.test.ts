import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { type SqliteDriver, SqliteStore } from '@omemo-kit/storage-sqlite';
import { describe, expect, it } from 'vitest';
import { batch } from '../support/batches.ts';
import { driverNames, drivers } from '../support/drivers.ts';
import { bytesOf, useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();

/** Without what is tested here, to show that the test would see it. */
class Careless extends DatabaseSync {
  override exec(sql: string): void {
    super.exec(sql.replace('secure_delete = ON', 'secure_delete = OFF'));
  }
}

/** Overwrites and removes many secrets of all sizes; which of them are still in the file and its WAL, before and after. */
async function remainsOf(Database: SqliteDriver, name: string) {
  const file = path(`${name}.db`);
  const store = await SqliteStore.open({ file, Database });
  const secrets: Buffer[] = [];
  const secretRecord = (key: string, size: number) => {
    const secret = randomBytes(16);
    secrets.push(secret);
    return { key, value: Uint8Array.from({ length: size }, (_, i) => secret[i % 16]!), version: 1 };
  };
  const sizes = [32, 100, 400, 1_000, 2_500, 9_000, 40_000];
  const key = (i: number) => `account/session/${(i * 37) % 101}`;
  const keys = Array.from({ length: 101 }, (_, i) => key(i));
  // Records grow, shrink, go and come again, so that pages are split, joined and rearranged with secrets in them.
  for (let i = 0; i < 70; i++) {
    const puts = [0, 1, 2].map((n) => secretRecord(key(i * 3 + n), sizes[(i + n) % sizes.length]!));
    const remove = i % 4 === 3 ? [key(i * 3 + 50), key(i * 3 + 51)] : [];
    await store.commit(batch({ put: puts.filter((each) => !remove.includes(each.key)), remove }));
  }
  const find = ({ database, wal }: { database: Buffer; wal: Buffer }) =>
    secrets.filter((secret) => database.includes(secret) || wal.includes(secret)).length;
  const whileInUse = find(bytesOf(file));
  const kept = secretRecord('kept', 100);
  await store.commit(batch({ put: [kept], remove: keys }));
  expect(await store.checkpoint()).toBe('emptied');
  const wanted = secrets.pop()!;
  const emptied = bytesOf(file);
  expect(emptied.database.includes(wanted)).toBe(true);
  const afterCheckpoint = find(emptied);
  await store.close();
  return { whileInUse, afterCheckpoint, afterClose: find(bytesOf(file)), walLength: emptied.wal.length };
}

describe('overwritten and removed secrets (S63)', () => {
  it.each(driverNames)('%s leaves none of them in the file or its WAL', async (driver) => {
    const remains = await remainsOf(drivers[driver], driver.replace(':', '-'));
    expect(remains.whileInUse).toBeGreaterThan(50);
    expect(remains).toMatchObject({ afterCheckpoint: 0, afterClose: 0, walLength: 0 });
  });

  it('would be found without secure_delete', async () => {
    const { afterCheckpoint, afterClose } = await remainsOf(Careless, 'careless');
    expect(Math.min(afterCheckpoint, afterClose)).toBeGreaterThan(10);
  });
});
