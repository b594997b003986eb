import { resultCodeOf } from './result-code.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { storeFailure } from './store-failure.ts';

/** Writes the WAL back and cuts it to nothing, unless another connection reads from it or writes. */
export function checkpoint(database: SqliteDatabase): 'emptied' | 'in-use' {
  try {
    const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0 ? 'emptied' : 'in-use';
  } catch (error) {
    throw storeFailure(error);
  }
}

/** What is wrong with the file, one line each. */
export function integrityCheck(database: SqliteDatabase): string[] {
  try {
    const rows = database.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  } catch (error) {
    if (resultCodeOf(error) === 'CORRUPT' && error instanceof Error) return [error.message];
    throw storeFailure(error);
  }
}
