/** What went wrong; the strings are stable and may be switched on. */
export type X3dhErrorCode =
  | 'invalid-identity-key'
  | 'invalid-signed-pre-key'
  | 'invalid-pre-key'
  | 'invalid-ephemeral-key'
  | 'invalid-signature'
  | 'no-pre-keys'
  | 'duplicate-pre-key-id'
  | 'pre-key-mismatch'
  | 'unverified-bundle'
  | 'invalid-argument';

const MESSAGES: Readonly<Record<X3dhErrorCode, string>> = {
  'invalid-identity-key': 'The identity key is malformed or not of prime order',
  'invalid-signed-pre-key': 'The signed pre-key is malformed or of small order',
  'invalid-pre-key': 'The pre-key is malformed or of small order',
  'invalid-ephemeral-key': 'The ephemeral key is malformed or of small order',
  'invalid-signature': 'The signature of the signed pre-key does not verify',
  'no-pre-keys': 'The bundle has no pre-key, and no key agreement is made without one',
  'duplicate-pre-key-id': 'Two pre-keys of the bundle have the same id',
  'pre-key-mismatch': 'The key exchange names another pre-key or signed pre-key than the ones given',
  'unverified-bundle': 'The bundle did not come from verifyBundle',
  'invalid-argument': 'An argument of the caller is out of range',
};

/** Facts that help to find the cause; never key bytes. */
export type X3dhErrorDetails = Readonly<Record<string, number | string>>;

/** The one error of this package. The message depends on the code alone. */
export class X3dhError extends Error {
  override readonly name = 'X3dhError';
  readonly code: X3dhErrorCode;
  readonly details: X3dhErrorDetails;

  constructor(code: X3dhErrorCode, options: { readonly details?: X3dhErrorDetails; readonly cause?: unknown } = {}) {
    super(MESSAGES[code], 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }
}
