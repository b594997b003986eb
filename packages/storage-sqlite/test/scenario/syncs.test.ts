import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startChild } from '../support/child.ts';
import { driverNames } from '../support/drivers.ts';
import { describeStrace, strace } from '../support/strace.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();
const commits = 30;

describeStrace('the disk has a commit when it resolves', () => {
  it.each(driverNames)('%s syncs the WAL at least once a commit, after its last write', async (driver) => {
    const name = driver.replace(':', '-');
    const [file, trace] = [path(`${name}.db`), path(`${name}.trace`)];
    const calls = 'trace=fsync,fdatasync,pwrite64,pwritev,write';
    // `-y` prints the path behind each file descriptor; all threads go into one file, in their order.
    const before = [strace, '-f', '-y', '--seccomp-bpf', '-e', calls, '-o', trace];
    const { lines, code } = await startChild(new URL('../processes/commit-many.ts', import.meta.url), {
      args: [file, driver, String(commits)],
      before,
    }).end();
    expect(code).toBe(0);
    expect(lines.filter((line) => line.endsWith('committed'))).toHaveLength(commits);

    let [syncs, acknowledged, isUnsynced] = [0, 0, false];
    for (const line of readFileSync(trace, 'utf8').split('\n')) {
      const isOfWal = line.includes(`<${file}-wal>`);
      if (isOfWal && /\bpwrite(64|v)\(/.test(line)) isUnsynced = true;
      if (isOfWal && /\bf(data)?sync\(/.test(line)) {
        syncs++;
        isUnsynced = false;
      }
      if (!/write\(1<[^>]*>, "\d+ committed/.test(line)) continue;
      acknowledged++;
      expect(isUnsynced, `commit ${acknowledged} resolved with its frames unsynced`).toBe(false);
      expect(syncs, `syncs of the WAL until commit ${acknowledged}`).toBeGreaterThanOrEqual(acknowledged);
    }
    expect(acknowledged).toBe(commits);
  });
});
