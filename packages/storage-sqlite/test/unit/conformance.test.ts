import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type SqliteDriver, SqliteStore } from '@omemo-kit/storage-sqlite';
import { storeConformance } from '@omemo-kit/store-conformance';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'omemo-kit-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const drivers: Record<string, SqliteDriver> = { 'node:sqlite': DatabaseSync, 'better-sqlite3': BetterSqlite3 };

for (const [name, Database] of Object.entries(drivers)) {
  const crashes = new Map<string, number>();
  const fileOf = (place: string): string =>
    join(folder, `${name.replaceAll(/[^a-z]/g, '-')}-${place}-${crashes.get(place) ?? 0}.db`);
  storeConformance({
    name: `SqliteStore with ${name}`,
    open: (place) => SqliteStore.open({ file: fileOf(place), Database }),
    openSmall: (place) => SqliteStore.open({ file: fileOf(place), Database, maxBytes: 256 * 1024 }),
    makeNewer: (place) => {
      const database = new DatabaseSync(fileOf(place));
      database.exec('PRAGMA user_version = 2');
      database.close();
    },
    // The files as they are in the middle are what a killed process leaves behind; the index of the WAL counts for nothing.
    // Copied by another process: to close the file in this one would take the locks of the store that is still open.
    crash: (place) => {
      const before = fileOf(place);
      crashes.set(place, (crashes.get(place) ?? 0) + 1);
      for (const end of ['', '-wal'])
        if (existsSync(before + end)) execFileSync('cp', [before + end, fileOf(place) + end]);
    },
  });
}
