import type { Store } from '@omemo-kit/omemo-core/ports';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';

/** Where a store is, as JSON that a parent process hands to its children. */
export type StoreLocation = SqliteLocation | PostgresLocation;

export interface SqliteLocation {
  readonly backend: 'sqlite';
  readonly file: string;
}

export interface PostgresLocation {
  readonly backend: 'postgres';
  readonly connectionString: string;
}

export interface OpenedStore {
  readonly store: Store;
  /** What the backend itself finds wrong with what it holds; empty when all is well. */
  integrityProblems(): Promise<readonly string[]>;
  /** Closes the store and what was opened for it. */
  close(): Promise<void>;
}

/** Opens a store that lives outside the process. IndexedDB lives in a page, which opens it itself. */
export function openStore(location: StoreLocation): Promise<OpenedStore> {
  return location.backend === 'sqlite' ? openSqlite(location) : openPostgres(location);
}
