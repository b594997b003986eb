/// <reference lib="dom" />
import { StoreError } from '@omemo-kit/omemo-core/ports';

const lackOfRoom = 'QuotaExceededError';
/** Values that are there and cannot be read back. */
const damage: ReadonlySet<string> = new Set(['DataError', 'NotReadableError', 'DataCloneError', 'EncodingError']);

/** Why a database could not be opened. Nothing was written. */
export function openingError(cause: unknown, name: string): StoreError {
  switch (nameOf(cause)) {
    case 'VersionError':
      return new StoreError('newer-schema', `the database ${name} was written by a newer release`, { cause });
    case lackOfRoom:
      return new StoreError('quota', `there is no room for the database ${name}`, { cause });
    case 'SecurityError':
      return new StoreError('unavailable', 'this page or window is not allowed to use IndexedDB', { cause });
    case 'InvalidStateError':
      return new StoreError('unavailable', 'this window has no IndexedDB, as private windows of older browsers', {
        cause,
      });
    default:
      return new StoreError('unavailable', `the database ${name} could not be opened: ${textOf(cause)}`, { cause });
  }
}

/** Why a transaction that only reads failed. */
export function readingError(cause: unknown): StoreError {
  if (damage.has(nameOf(cause)))
    return new StoreError('corrupt', `a record cannot be read: ${textOf(cause)}`, { cause });
  return new StoreError('unavailable', `reading failed: ${textOf(cause)}`, { cause });
}

/**
 * Why a transaction that writes was aborted. `written` says whether its writes had been handed over. Before that nothing can
 * have happened. After it only lack of room is an answer that the browser gives before it makes anything durable; with any
 * other the abort may be that of a connection whose other end had committed.
 */
export function commitError(cause: unknown, progress: 'reading' | 'written'): StoreError {
  if (nameOf(cause) === lackOfRoom) return new StoreError('quota', 'the browser has no room for this batch', { cause });
  if (progress === 'reading') return readingError(cause);
  return new StoreError('indeterminate', `the commit ended without an answer: ${textOf(cause)}`, { cause });
}

export function closedError(): StoreError {
  return new StoreError('closed', 'the store was closed');
}

export function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

function textOf(error: unknown): string {
  if (error === null || error === undefined) return 'the connection was closed';
  return error instanceof Error || error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);
}
