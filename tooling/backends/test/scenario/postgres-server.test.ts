import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { postgresAvailability, startPostgres } from '../../src/postgres/index.ts';
import { describeBackend } from '../../src/vitest/index.ts';

const postmasterOf = (folder: string): number =>
  Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The last of it may be left to whoever reaps orphans. */
async function ended(pid: number): Promise<void> {
  while (runs(pid)) await setTimeout(20);
}

describeBackend(postgresAvailability(), 'PostgreSQL', () => {
  it('keeps through a crash what was committed, and leaves nothing when stopped', async () => {
    const server = await startPostgres({ settings: { work_mem: '5MB' } });
    const { database } = await server.createDatabase();
    const [settings] = await server.run(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
         current_setting('listen_addresses') AS addresses, current_setting('work_mem') AS memory`,
    );
    expect(settings).toEqual({ fsync: 'on', sync: 'on', addresses: '', memory: '5MB' });
    await server.run('CREATE TABLE kept (n integer); INSERT INTO kept VALUES (7)', database);
    const first = postmasterOf(server.folder);
    await server.crash();
    await server.crash();
    await ended(first);
    await expect(server.run('SELECT 1', database)).rejects.toThrow();
    await server.restart();
    expect(await server.run('SELECT n FROM kept', database)).toEqual([{ n: 7 }]);
    expect(readFileSync(join(server.folder, 'log'), 'utf8')).toContain('automatic recovery in progress');
    const second = postmasterOf(server.folder);
    await server.stop();
    await server.stop();
    await ended(second);
    expect(existsSync(server.folder)).toBe(false);
  });

  it('goes with the process that started it, even when that is killed', async () => {
    const source = new URL('../../src/postgres/index.ts', import.meta.url).href;
    const script = `
      const { startPostgres } = await import(${JSON.stringify(source)});
      console.log((await startPostgres()).folder);
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(starter.stdout, 'data');
    const folder = String(line).trim();
    const pid = postmasterOf(folder);
    expect(runs(pid)).toBe(true);
    starter.kill('SIGKILL');
    await ended(pid);
    while (existsSync(folder)) await setTimeout(50);
  });
});
