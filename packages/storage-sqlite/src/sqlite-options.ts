import type { SqliteDriver } from './sqlite-driver.ts';

export interface SqliteOptions {
  /** Path of the database, made when there is none; `:memory:` for one that is gone with the store. */
  readonly file: string;
  /** `Database` of better-sqlite3; `DatabaseSync` of node:sqlite by default. */
  readonly Database?: SqliteDriver;
  /** How long a call waits for other connections that have the database locked, milliseconds; 10,000 by default. */
  readonly busyTimeout?: number;
  /** Most bytes that the file may take, its `-wal` apart; a commit that needs more fails with `quota`. */
  readonly maxBytes?: number;
}
