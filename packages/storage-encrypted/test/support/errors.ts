import { StoreError, type StoreErrorCode } from '@omemo-kit/omemo-core/ports';

/** The StoreError that it rejects with; any other outcome fails the test. */
export async function storeError(call: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await call.then(
    () => new TypeError('it resolved'),
    (reason: unknown) => reason,
  );
  if (error instanceof StoreError) return error;
  throw error;
}

export async function codeOf(call: Promise<unknown>): Promise<StoreErrorCode | 'resolved'> {
  try {
    await call;
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  return 'resolved';
}
