import { mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type SqliteDriver, SqliteStore } from '@omemo-kit/storage-sqlite';
import { describe, expect, it } from 'vitest';
import { batch, codeOf, keysOf, put } from '../support/batches.ts';
import { startChild } from '../support/child.ts';
import { driverNames, drivers } from '../support/drivers.ts';
import { bytesOf, copyAsLeft, useTemporaryFolder } from '../support/temporary-folder.ts';

const path = useTemporaryFolder();

async function writeStore(file: string, parts = batch({ put: [put('a', 1)] })): Promise<void> {
  const store = await SqliteStore.open({ file });
  await store.commit(parts);
  await store.close();
}

function change(file: string, ...statements: string[]): void {
  const database = new DatabaseSync(file);
  for (const sql of statements) database.exec(sql);
  database.close();
}

describe.each(driverNames)('opening with %s', (driver) => {
  const Database = drivers[driver];
  const at = (name: string) => path(`${driver.replace(':', '-')}-${name}`);
  const attempt = (file: string) => codeOf(SqliteStore.open({ file, Database }).then((store) => store.close()));

  it('sets what a commit, secrets and several processes need', async () => {
    let connection: InstanceType<SqliteDriver> | undefined;
    // The pragmas of a connection can be seen through itself only.
    const Observed = new Proxy(Database, {
      construct: (target, parameters: ConstructorParameters<SqliteDriver>) => {
        connection = new target(...parameters);
        return connection;
      },
    });
    const store = await SqliteStore.open({ file: at('pragmas.db'), Database: Observed });
    const pragma = (name: string) => Object.values(connection!.prepare(`PRAGMA ${name}`).get() as object)[0];
    expect({
      journal_mode: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      fullfsync: pragma('fullfsync'),
      checkpoint_fullfsync: pragma('checkpoint_fullfsync'),
      secure_delete: pragma('secure_delete'),
      temp_store: pragma('temp_store'),
      trusted_schema: pragma('trusted_schema'),
      wal_autocheckpoint: pragma('wal_autocheckpoint'),
      journal_size_limit: pragma('journal_size_limit'),
      user_version: pragma('user_version'),
      application_id: pragma('application_id'),
    }).toEqual({
      journal_mode: 'wal',
      synchronous: 2,
      fullfsync: 1,
      checkpoint_fullfsync: 1,
      secure_delete: 1,
      temp_store: 2,
      trusted_schema: 0,
      wal_autocheckpoint: 1000,
      journal_size_limit: 4 << 20,
      user_version: 1,
      application_id: 0x4f4d454d,
    });
    await store.close();
  });

  it('leaves a file of a newer schema as it is, in its own journal mode', async () => {
    const file = at('newer.db');
    await writeStore(file);
    change(file, 'PRAGMA journal_mode = DELETE', 'PRAGMA user_version = 2');
    const before = bytesOf(file);
    expect(await attempt(file)).toBe('newer-schema');
    expect(bytesOf(file)).toEqual(before);
  });

  it('leaves the WAL that a crashed newer release left', async () => {
    const [written, file] = [at('newer-crashed-written.db'), at('newer-crashed.db')];
    await writeStore(written);
    const database = new DatabaseSync(written);
    database.exec('PRAGMA user_version = 2');
    copyAsLeft(written, file);
    database.close();
    const before = bytesOf(file);
    expect(before.wal.length).toBeGreaterThan(0);
    expect(await attempt(file)).toBe('newer-schema');
    expect(bytesOf(file)).toEqual(before);
  });

  it('stops writing when a newer release took the file over meanwhile', async () => {
    const file = at('taken-over.db');
    const store = await SqliteStore.open({ file, Database: DatabaseSync });
    await store.commit(batch({ put: [put('a', 1)] }));
    change(file, 'PRAGMA user_version = 2');
    expect(await codeOf(store.commit(batch({ put: [put('a', 2)] })))).toBe('newer-schema');
    expect((await store.get(['a']))[0]?.value).toEqual(Uint8Array.of(1));
    await store.close();
  });

  it.each([
    ['tables', ['CREATE TABLE notes (text)']],
    ['a mark', ['PRAGMA application_id = 7']],
    ['a schema version', ['PRAGMA user_version = 1']],
  ])('leaves a database of another application as it is: %s', async (name, statements) => {
    const file = at(`foreign-${name.replaceAll(' ', '-')}.db`);
    change(file, ...statements);
    const before = bytesOf(file);
    const error = await SqliteStore.open({ file, Database }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('another application') });
    expect(bytesOf(file)).toEqual(before);
  });

  it('takes an empty file, and one that a backup made', async () => {
    const file = at('empty.db');
    writeFileSync(file, '');
    await writeStore(file);
    const backup = at('backup.db');
    change(file, `VACUUM INTO '${backup}'`);
    const store = await SqliteStore.open({ file: backup, Database });
    expect(await keysOf(store, '')).toEqual(['a']);
    await store.close();
  });

  it('calls a damaged file corrupt', async () => {
    const text = at('text.db');
    writeFileSync(text, 'this was never a database, '.repeat(100));
    expect(await attempt(text)).toBe('corrupt');

    const cut = at('cut.db');
    await writeStore(
      cut,
      batch({ put: Array.from({ length: 50 }, (_, i) => ({ ...put(`a/${i}`), value: new Uint8Array(900) })) }),
    );
    truncateSync(cut, 2 * 4096);
    const read = async () => {
      const store = await SqliteStore.open({ file: cut, Database });
      expect((await store.integrityCheck()).length).toBeGreaterThan(0);
      await keysOf(store, 'a').finally(() => store.close());
    };
    expect(await codeOf(read())).toBe('corrupt');

    const emptied = at('emptied.db');
    await writeStore(emptied);
    change(emptied, 'DROP TABLE records');
    expect(await attempt(emptied)).toBe('corrupt');
  });

  it('is unavailable where no file can be', async () => {
    expect(await attempt(at('no/such/folder.db'))).toBe('unavailable');
    mkdirSync(at('folder.db'));
    expect(await attempt(at('folder.db'))).toBe('unavailable');
  });

  it('refuses a file that the other driver has open in this process', async () => {
    const file = at('two-drivers.db');
    const other = driver === 'node:sqlite' ? 'better-sqlite3' : 'node:sqlite';
    const stores = [await SqliteStore.open({ file, Database }), await SqliteStore.open({ file, Database })];
    await stores[0]?.close();
    expect(await codeOf(SqliteStore.open({ file, Database: drivers[other] }))).toBe('unavailable');
    await stores[1]?.close();
    await (await SqliteStore.open({ file, Database: drivers[other] })).close();
  });
});

describe('opening in a process of its own', () => {
  it('makes files that only their owner can read', async () => {
    const file = path('owner.db');
    expect((await startChild(new URL('../processes/open.ts', import.meta.url), { args: [file] }).end()).lines).toEqual([
      'opened',
    ]);
    // It was killed, so all three are there.
    expect(['', '-wal', '-shm'].map((end) => (statSync(file + end).mode & 0o777).toString(8))).toEqual([
      '600',
      '600',
      '600',
    ]);
  });

  it('says how to go on where the runtime has no SQLite', async () => {
    const options = ['--no-experimental-sqlite'];
    const { lines } = await startChild(new URL('../processes/open.ts', import.meta.url), {
      args: [path('none.db')],
      options,
    }).end();
    expect(lines).toEqual([expect.stringMatching(/^unavailable .*better-sqlite3/)]);
  });
});
