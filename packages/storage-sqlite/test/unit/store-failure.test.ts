import { StoreError } from '@omemo-kit/omemo-core/ports';
import { describe, expect, it } from 'vitest';
import { isBusy, resultCodeOf } from '../../src/result-code.ts';
import { commitFailure, storeFailure } from '../../src/store-failure.ts';

/** The same failure as each driver reports it. */
const reports = (number: number, name: string) => [
  Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode: number }),
  Object.assign(new Error('x'), { code: name }),
];

describe('what a failure of SQLite means', () => {
  it.each([
    [13, 'SQLITE_FULL', 'quota', 'quota'],
    [18, 'SQLITE_TOOBIG', 'quota', 'quota'],
    [11, 'SQLITE_CORRUPT', 'corrupt', 'corrupt'],
    [11 | (1 << 8), 'SQLITE_CORRUPT_VTAB', 'corrupt', 'corrupt'],
    [26, 'SQLITE_NOTADB', 'corrupt', 'corrupt'],
    [10 | (3 << 8), 'SQLITE_IOERR_WRITE', 'unavailable', 'indeterminate'],
    [10 | (4 << 8), 'SQLITE_IOERR_FSYNC', 'unavailable', 'indeterminate'],
    [14, 'SQLITE_CANTOPEN', 'unavailable', 'indeterminate'],
    [8 | (4 << 8), 'SQLITE_READONLY_DBMOVED', 'unavailable', 'indeterminate'],
    [7, 'SQLITE_NOMEM', 'unavailable', 'indeterminate'],
    [99, 'SQLITE_OF_TOMORROW', 'unavailable', 'indeterminate'],
  ])('%d, %s: %s, at COMMIT %s', (number, name, before, atCommit) => {
    for (const cause of reports(number, name)) {
      expect(storeFailure(cause)).toMatchObject({ code: before, cause });
      expect(commitFailure(cause)).toMatchObject({ code: atCommit, cause });
    }
  });

  it('leaves what is tried again, and what is known already', () => {
    const busy = [
      ...reports(5, 'SQLITE_BUSY'),
      ...reports(5 | (2 << 8), 'SQLITE_BUSY_SNAPSHOT'),
      ...reports(6, 'SQLITE_LOCKED'),
    ];
    for (const cause of busy) {
      expect(isBusy(cause)).toBe(true);
      expect([storeFailure(cause), commitFailure(cause)]).toEqual([cause, cause]);
    }
    const known = new StoreError('conflict', 'x', { keys: ['a'] });
    expect(storeFailure(known)).toBe(known);
  });

  it('sees no result code in what is no error of SQLite', () => {
    for (const error of [
      'SQLITE_BUSY',
      undefined,
      new TypeError('x'),
      Object.assign(new Error('x'), { code: 'ENOENT' }),
    ]) {
      expect(resultCodeOf(error)).toBeUndefined();
      expect(storeFailure(error)).toMatchObject({ code: 'unavailable' });
    }
  });
});
