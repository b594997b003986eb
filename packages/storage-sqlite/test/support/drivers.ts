import { DatabaseSync } from 'node:sqlite';
import type { SqliteDriver } from '@omemo-kit/storage-sqlite';
import BetterSqlite3 from 'better-sqlite3';

export type DriverName = 'node:sqlite' | 'better-sqlite3';

export const drivers: Readonly<Record<DriverName, SqliteDriver>> = {
  'node:sqlite': DatabaseSync,
  'better-sqlite3': BetterSqlite3,
};

export const driverNames = Object.keys(drivers) as DriverName[];
