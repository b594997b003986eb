import { OmemoError, StoreError, TransportError } from '@omemo-kit/omemo-core';
import { WireError } from '@omemo-kit/omemo-wire';

/** The code of a WireError, which is all that a parser of what peers send may throw. Anything else goes on up. */
export function wireRefusal(error: unknown): string {
  if (error instanceof WireError) return error.code;
  throw error;
}

/** The code of what a call of omemo-core may throw. Anything else goes on up. */
export function callRefusal(error: unknown): string {
  if (error instanceof OmemoError || error instanceof StoreError) return error.code;
  if (error instanceof TransportError) return `transport: ${error.condition}`;
  return wireRefusal(error);
}
