import { WireError, type WireErrorCode } from '@omemo-kit/omemo-wire';

export type Outcome<Value> = { readonly value: Value } | { readonly code: WireErrorCode; readonly error: WireError };

/** What a parser made of hostile input: a value or a `WireError`. Anything else it throws is a defect and goes on up. */
export function outcomeOf<Value>(parse: () => Value): Outcome<Value> {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof WireError) return { code: error.code, error };
    throw error;
  }
}

/** The code of the `WireError` thrown, or `accepted`. */
export function codeOf(parse: () => unknown): WireErrorCode | 'accepted' {
  const outcome = outcomeOf(parse);
  return 'code' in outcome ? outcome.code : 'accepted';
}
