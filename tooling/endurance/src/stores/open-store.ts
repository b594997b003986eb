import type { OpenedStore } from './opened-store.ts';
import type { StoreLocation } from './store-location.ts';

export type { OpenedStore } from './opened-store.ts';
export type { StoreLocation } from './store-location.ts';

/**
 * Opens a store that lives outside the process; only the backend asked for is loaded. IndexedDB lives in a page, which
 * opens it itself.
 */
export async function openStore(location: StoreLocation): Promise<OpenedStore> {
  if (location.backend === 'sqlite') return (await import('./open-sqlite.ts')).openSqlite(location);
  return (await import('./open-postgres.ts')).openPostgres(location);
}
