import { PrimitivesError } from '@omemo-kit/primitives';
import { X3dhError, type X3dhErrorCode } from './x3dh-error.ts';

/** Runs `step` on a peer's key; a refusal by the primitives becomes an `X3dhError` that names the key at fault. */
export function refuseAs<Result>(code: X3dhErrorCode, step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof PrimitivesError) {
      throw new X3dhError(code, { cause });
    }
    throw cause;
  }
}
