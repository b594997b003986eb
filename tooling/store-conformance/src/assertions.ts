import {
  type Batch,
  type Store,
  type StoredRecord,
  StoreError,
  type StoreErrorCode,
} from '@omemo-kit/omemo-core/ports';
import { StoreConformanceError } from './conformance-error.ts';

/** Fails the check unless this holds; `what` says what should be. */
export function hold(holds: boolean, what: string): asserts holds {
  if (!holds) throw new StoreConformanceError(what);
}

/** The two must be written the same way: plain data, byte arrays as hex. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [show(actual), show(expected)];
  hold(found === wanted, `${what}: found ${shorten(found)}, wanted ${shorten(wanted)}`);
}

/** The promise must reject with a `StoreError` of this code, or of one of these. */
export async function rejects(
  promise: Promise<unknown>,
  codes: StoreErrorCode | readonly StoreErrorCode[],
  what: string,
): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason ?? 'nothing',
  );
  const wanted = [codes].flat().join(' or ');
  hold(error !== undefined, `${what}: resolved, wanted ${wanted}`);
  hold(error instanceof StoreError, `${what}: rejected with ${String(error)}, which is no StoreError`);
  hold([codes].flat().includes(error.code), `${what}: rejected with ${error.code}, wanted ${wanted}`);
  return error;
}

/** Whether the commit went through; false when it was refused as a conflict. */
export async function commits(store: Store, batch: Batch): Promise<boolean> {
  try {
    await store.commit(batch);
    return true;
  } catch (error) {
    hold(error instanceof StoreError && error.code === 'conflict', `a commit failed with ${String(error)}`);
    return false;
  }
}

/** A record as a line: equal lines are equal records. */
export function line(record: StoredRecord | undefined): string {
  if (record === undefined) return 'absent';
  const { key, value, version, revision } = record;
  hold(value instanceof Uint8Array, `the value of ${key} is no Uint8Array`);
  hold(revision instanceof Uint8Array, `the revision of ${key} is no Uint8Array`);
  return `${key} v${version} r${hex(revision)} = ${hex(value)}`;
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof Uint8Array ? hex(inner) : inner)) ?? 'undefined'
  );
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function shorten(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 400)}… (${text.length} characters)`;
}
