import type { SqliteDatabase } from './sqlite-driver.ts';

/** Ends the transaction without effect, if SQLite has not done so itself. */
export function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // After some errors, SQLITE_FULL among them, the transaction is gone already.
  }
}
