import { DatabaseSync } from 'node:sqlite';

/** What a commit costs without us: rows put into one table, WAL, synchronous = FULL. */
export interface BareCommits {
  /** One commit of so many rows. */
  commit(rows: number): void;
  close(): void;
}

/** @param rowBytes size of each row's value */
export function openBareCommits(file: string, rowBytes: number): BareCommits {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 0;');
  database.exec('CREATE TABLE rows (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID');
  const put = database.prepare('INSERT INTO rows VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  const value = new Uint8Array(rowBytes);
  let made = 0;
  return {
    commit(rows) {
      database.exec('BEGIN IMMEDIATE');
      made += 1;
      value[0] = made;
      for (let row = 0; row < rows; row++) put.run(`session/account-${row % 8}@example.net/${row}`, value);
      database.exec('COMMIT');
    },
    close: () => database.close(),
  };
}
