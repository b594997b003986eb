export type {
  SqliteDatabase,
  SqliteDriver,
  SqliteDriverOptions,
  SqliteStatement,
  SqliteValue,
} from './sqlite-driver.ts';
export type { SqliteOptions } from './sqlite-options.ts';
export { SqliteStore } from './sqlite-store.ts';
