import { StoreError } from '@omemo-kit/omemo-core/ports';

/** What may be bound to a parameter. */
export type SqliteValue = string | number | Uint8Array;

/** A compiled statement: what better-sqlite3 and node:sqlite have in common. */
export interface SqliteStatement {
  /** `changes`: rows that it wrote. */
  run(...parameters: SqliteValue[]): { readonly changes: number | bigint };
  get(...parameters: SqliteValue[]): unknown;
  all(...parameters: SqliteValue[]): unknown[];
  iterate(...parameters: SqliteValue[]): Iterable<unknown>;
}

/** An open database: what better-sqlite3 and node:sqlite have in common. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** The class `Database` of better-sqlite3, `DatabaseSync` of node:sqlite, or another with the same surface. */
export type SqliteDriver = new (file: string, options?: SqliteDriverOptions) => SqliteDatabase;

/** The option for reading only is spelled `readonly` by better-sqlite3 and `readOnly` by node:sqlite. */
export interface SqliteDriverOptions {
  readonly readonly?: boolean;
  readonly readOnly?: boolean;
}

/** Opens a file that is there for reading only. */
export function openReadOnly(Database: SqliteDriver, file: string): SqliteDatabase {
  try {
    return new Database(file, { readOnly: true });
  } catch (error) {
    // better-sqlite3 refuses the other spelling; node:sqlite would take no notice of it, so it has to be the first.
    if (error instanceof TypeError) return new Database(file, { readonly: true });
    throw error;
  }
}

/** `DatabaseSync` of the runtime. @throws StoreError `unavailable` where there is none. */
export async function builtInDriver(): Promise<SqliteDriver> {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    return DatabaseSync as SqliteDriver;
  } catch (cause) {
    const advice =
      "install better-sqlite3 and pass it: SqliteStore.open({ file, Database }) with import Database from 'better-sqlite3'";
    throw new StoreError('unavailable', `this runtime has no node:sqlite; ${advice}`, { cause });
  }
}
