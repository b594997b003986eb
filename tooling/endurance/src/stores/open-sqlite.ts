import { SqliteStore } from '@omemo-kit/storage-sqlite';
import type { OpenedStore, SqliteLocation } from './open-store.ts';

export async function openSqlite({ file }: SqliteLocation): Promise<OpenedStore> {
  const store = await SqliteStore.open({ file });
  return {
    store,
    integrityProblems: async () => store.integrityCheck(),
    close: () => store.close(),
  };
}
