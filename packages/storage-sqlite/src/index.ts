export type {
  SqliteDatabase,
  SqliteDriver,
  SqliteDriverOptions,
  SqliteStatement,
  SqliteValue,
} from './sqlite-driver.ts';
export { type SqliteOptions, SqliteStore } from './sqlite-store.ts';
