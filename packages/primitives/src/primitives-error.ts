/** What went wrong, in a word that is never renamed. */
export type PrimitivesErrorCode =
  | 'invalid-length'
  | 'invalid-argument'
  | 'non-canonical-key'
  | 'not-on-curve'
  | 'small-order-key'
  | 'mixed-order-key'
  | 'zero-shared-secret'
  | 'invalid-padding'
  | 'not-authentic'
  | 'unavailable';

/** Sizes and names that help to find the mistake; never key bytes or plaintext. */
export type PrimitivesErrorDetails = Readonly<Record<string, string | number>>;

/** The one error class of this package. Tell errors apart by `code`; the message is for people. */
export class PrimitivesError extends Error {
  override readonly name = 'PrimitivesError';
  readonly code: PrimitivesErrorCode;
  readonly details: PrimitivesErrorDetails;

  constructor(
    code: PrimitivesErrorCode,
    message: string,
    options: { readonly details?: PrimitivesErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }
}
