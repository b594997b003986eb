import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { describe, expect, it } from 'vitest';
import { keysOf } from '../support/batches.ts';
import { startChild } from '../support/child.ts';
import { type DriverName, driverNames } from '../support/drivers.ts';
import { describeStrace, strace } from '../support/strace.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();
const syncs = 'fsync,fdatasync';

/** Five commits by a process whose calls on the WAL fail as `inject` says, and that is killed at the end. */
async function commitWith(inject: string, { driver, name }: { driver: DriverName; name: string }) {
  const file = path(`${name}-${driver.replace(':', '-')}.db`);
  await (await SqliteStore.open({ file })).close();
  const before = [strace, '-f', '-o', '/dev/null', '-P', `${file}-wal`, '-e', `inject=${inject}`];
  const { lines, errors } = await startChild(new URL('../processes/commit-many.ts', import.meta.url), {
    args: [file, driver, '5', 'killed'],
    before,
  }).end();
  expect(errors).not.toContain('Error');
  const store = await SqliteStore.open({ file });
  const kept = await keysOf(store, 'k');
  expect(await store.integrityCheck()).toEqual([]);
  await store.close();
  return { outcomes: lines.slice(0, -1).map((line) => line.split(' ')[1]), found: lines.at(-1), kept };
}

describeStrace('the disk fails', () => {
  describe.each(driverNames)('%s', (driver) => {
    it('an error at COMMIT is indeterminate; reading says no, and a crash does not make it a yes', async () => {
      // The last sync of all: no later commit overwrites the frames that lie in the WAL as a whole. In a new WAL each
      // commit has one sync, the first one more for the header.
      const { outcomes, found, kept } = await commitWith(`${syncs}:error=EIO:when=6`, { driver, name: 'sync' });
      expect(outcomes).toEqual(['committed', 'committed', 'committed', 'committed', 'indeterminate']);
      expect(found).toBe('found 0,1,2,3');
      expect(kept).toEqual(['k/0', 'k/1', 'k/2', 'k/3']);
    });

    it('an error in the middle is indeterminate for that commit only', async () => {
      const { outcomes, found, kept } = await commitWith(`${syncs}:error=EIO:when=3`, { driver, name: 'middle' });
      expect(outcomes).toEqual(['committed', 'indeterminate', 'committed', 'committed', 'committed']);
      expect(found).toBe('found 0,2,3,4');
      expect(kept).toEqual(['k/0', 'k/2', 'k/3', 'k/4']);
    });

    it('a full disk is quota, and what was committed stays', async () => {
      const { outcomes, found, kept } = await commitWith('pwrite64:error=ENOSPC:when=10+', { driver, name: 'full' });
      const fits = outcomes.filter((outcome) => outcome === 'committed').length;
      expect(fits).toBeGreaterThan(0);
      expect(outcomes.slice(fits)).toEqual(Array.from({ length: 5 - fits }, () => 'quota'));
      expect(found).toBe(`found ${Array.from({ length: fits }, (_, i) => i)}`);
      expect(kept).toHaveLength(fits);
    });
  });
});
