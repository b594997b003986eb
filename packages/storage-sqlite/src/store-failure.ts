import { StoreError, type StoreErrorCode } from '@omemo-kit/omemo-core/ports';
import { isBusy, type ResultCode, resultCodeOf } from './result-code.ts';

const meanings: Partial<Record<ResultCode, { readonly code: StoreErrorCode; readonly message: string }>> = {
  FULL: { code: 'quota', message: 'the disk or the size limit of the database is full' },
  TOOBIG: { code: 'quota', message: 'a value is larger than SQLite can hold' },
  CORRUPT: { code: 'corrupt', message: 'the database file is damaged' },
  NOTADB: { code: 'corrupt', message: 'the file is not a SQLite database, or its header is damaged' },
  CANTOPEN: { code: 'unavailable', message: 'the database file cannot be opened' },
  READONLY: { code: 'unavailable', message: 'the database file or its folder cannot be written' },
  PERM: { code: 'unavailable', message: 'access to the database file was denied' },
  IOERR: { code: 'unavailable', message: 'the database file cannot be read or written' },
};

/**
 * What the failure of a driver means when nothing can have been written. A `StoreError`, and a busy database, which is
 * tried again, stay as they are.
 */
export function storeFailure(cause: unknown): unknown {
  if (cause instanceof StoreError || isBusy(cause)) return cause;
  const code = resultCodeOf(cause);
  const meaning = code === undefined ? undefined : meanings[code];
  if (meaning !== undefined) return new StoreError(meaning.code, meaning.message, { cause });
  return new StoreError('unavailable', 'the database failed', { cause });
}

/**
 * What the failure of COMMIT means. A frame that did not fit or a lock that was not given is no commit; after any other
 * failure the frames may have reached the disk and be found there after a crash.
 */
export function commitFailure(cause: unknown): unknown {
  const failure = storeFailure(cause);
  if (!(failure instanceof StoreError) || failure.code !== 'unavailable') return failure;
  return new StoreError('indeterminate', 'the commit failed in the middle', { cause });
}
