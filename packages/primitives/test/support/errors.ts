import { PrimitivesError, type PrimitivesErrorCode } from '../../src/primitives-error.ts';

/** The code of the error thrown, `returned` if none was; any other error is passed on and fails the test. */
export function codeOf(call: () => unknown): PrimitivesErrorCode | 'returned' {
  try {
    call();
  } catch (error) {
    if (error instanceof PrimitivesError) return error.code;
    throw error;
  }
  return 'returned';
}
