import { StoreError } from '@omemo-kit/omemo-core/ports';
import { CliError } from '../cli-error.ts';
import { OTHER_STORES } from './store-choice.ts';

/** What keeps records from being kept in a place, as the user is told it. Anything else is thrown as it is. */
export function storeTrouble(error: unknown, place: string): unknown {
  if (!isOfStorage(error)) return error;
  const message = `records cannot be kept in ${place}: ${error.message}`;
  return new CliError('store-unavailable', message, { cause: error, hint: OTHER_STORES });
}

/** Trouble of the file system, of SQLite, or of a store; `conflict` and `invalid-batch` are bugs of whoever called it. */
function isOfStorage(error: unknown): error is Error {
  if (error instanceof StoreError) return !['conflict', 'invalid-batch', 'closed'].includes(error.code);
  if (!(error instanceof Error)) return false;
  return 'syscall' in error || ('code' in error && error.code === 'ERR_SQLITE_ERROR');
}
