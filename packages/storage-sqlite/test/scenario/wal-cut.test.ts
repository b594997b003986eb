import { statSync, writeFileSync } from 'node:fs';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { batch, list, put } from '../support/batches.ts';
import { driverNames, drivers } from '../support/drivers.ts';
import { bytesOf, useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();
const commits = 40;
const recordsOf = (i: number) => Array.from({ length: 1 + (i % 7) }, (_, n) => `c/${String(i).padStart(2, '0')}/${n}`);

/** The same numbers in each run with one seed: xorshift32. */
function numbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe.each(driverNames)('the WAL that a crash left, %s', (driver) => {
  let left: { database: Buffer; wal: Buffer };
  /** Length of the WAL after each commit that resolved. */
  const ends: number[] = [];
  const next = numbers(Number(process.env['OMEMO_SEED']));

  beforeAll(async () => {
    const file = path(`${driver.replace(':', '-')}-written.db`);
    await (await SqliteStore.open({ file, Database: drivers[driver] })).close();
    const store = await SqliteStore.open({ file, Database: drivers[driver] });
    for (let i = 0; i < commits; i++) {
      const puts = recordsOf(i).map((key) => ({ key, value: new Uint8Array(next(6_000)).fill(i), version: 1 }));
      // The record of the last but one commit goes, so that a page has freed space in it, and the newest one is named.
      await store.commit(batch({ put: [...puts, put('latest', i)], remove: i < 2 ? [] : [recordsOf(i - 2)[0]!] }));
      ends.push(statSync(`${file}-wal`).size);
    }
    left = bytesOf(file);
    expect(left.wal.length).toBe(ends.at(-1));
    await store.close();
  });

  /** Opens what was left with this WAL instead, which must hold the first `wanted` commits and nothing of the others. */
  async function expectPrefix(wal: Buffer, { wanted, what }: { wanted: number; what: string }): Promise<void> {
    const file = path(`${driver.replace(':', '-')}-${what.replaceAll(' ', '-')}.db`);
    writeFileSync(file, left.database);
    writeFileSync(`${file}-wal`, wal);
    const store = await SqliteStore.open({ file, Database: drivers[driver] });
    const [latest] = await store.get(['latest']);
    expect(latest?.value[0], what).toBe(wanted === 0 ? undefined : wanted - 1);
    const there = Array.from({ length: wanted }, (_, i) => recordsOf(i).slice(i < wanted - 2 ? 1 : 0)).flat();
    const found = await list(store, 'c');
    expect(
      found.map(({ key }) => key),
      what,
    ).toEqual(there);
    expect(found.every(({ key, value }) => value.every((byte) => byte === Number(key.slice(2, 4))))).toBe(true);
    expect(await store.integrityCheck(), what).toEqual([]);
    await store.commit(batch({ put: [put('after')] }));
    expect((await store.get(['after']))[0]?.key).toBe('after');
    await store.close();
  }

  /** How many commits lie in front of this offset as a whole. */
  const wholeBefore = (offset: number): number => ends.filter((end) => end <= offset).length;

  it('cut anywhere, opens to the commits in front of the cut, each of them whole', async () => {
    const cuts = Array.from({ length: 20 }, () => next(left.wal.length));
    const edges = [0, 1, 31, 32, ends[0]! - 1, ends[0]!, ends[9]! - 1, ends[9]!, ends.at(-1)! - 1, ends.at(-1)!];
    for (const cut of [...cuts, ...edges]) {
      await expectPrefix(left.wal.subarray(0, cut), { wanted: wholeBefore(cut), what: `cut at ${cut}` });
    }
  });

  it('followed by what was never synced, opens to every commit that resolved', async () => {
    const garbage = Buffer.from(Array.from({ length: 9_000 }, () => next(256)));
    for (const length of [1, 24, 4_120, 9_000]) {
      const wal = Buffer.concat([left.wal, garbage.subarray(0, length)]);
      await expectPrefix(wal, { wanted: commits, what: `${length} bytes behind` });
    }
  });

  it('with a byte changed anywhere, opens to the commits in front of it', async () => {
    for (const offset of [0, 10, 33, left.wal.length - 1, ...Array.from({ length: 16 }, () => next(left.wal.length))]) {
      const wal = Buffer.from(left.wal);
      wal[offset]! ^= 1 + next(255);
      await expectPrefix(wal, { wanted: wholeBefore(offset), what: `changed at ${offset}` });
    }
  });
});
