import { DatabaseSync } from 'node:sqlite';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import type { OpenedStore } from './opened-store.ts';
import type { SqliteLocation } from './store-location.ts';

export async function openSqlite({ file }: SqliteLocation): Promise<OpenedStore> {
  const store = await SqliteStore.open({ file });
  return { store, integrityProblems: async () => fileProblems(file), close: () => store.close() };
}

/** SQLite's own check, on a connection that the store has nothing to do with. */
function fileProblems(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const rows = database.prepare('PRAGMA integrity_check').all();
    return rows.map((row) => String(row['integrity_check'])).filter((row) => row !== 'ok');
  } finally {
    database.close();
  }
}
