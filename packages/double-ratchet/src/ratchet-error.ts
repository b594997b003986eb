/** What went wrong; the strings are stable and may be switched on. */
export type RatchetErrorCode =
  | 'too-many-skipped'
  | 'message-key-unavailable'
  | 'not-authentic'
  | 'no-sending-chain'
  | 'chain-exhausted'
  | 'invalid-ratchet-key'
  | 'invalid-header'
  | 'invalid-argument';

const MESSAGES: Readonly<Record<RatchetErrorCode, string>> = {
  'too-many-skipped': 'The message lies further ahead in its chain than one message may skip',
  'message-key-unavailable': 'The key of this message was used before, or is no longer kept',
  'not-authentic': 'The message is not authentic',
  'no-sending-chain': 'Nothing can be sent before the first message was read',
  'chain-exhausted': 'The sending chain has used up its message numbers',
  'invalid-ratchet-key': 'The ratchet key is malformed or of small order',
  'invalid-header': 'The header is malformed',
  'invalid-argument': 'An argument of the caller is out of range',
};

/** Facts that help to find the cause; never key bytes. */
export type RatchetErrorDetails = Readonly<Record<string, number | string>>;

/** The one error of this package. The message depends on the code alone. */
export class RatchetError extends Error {
  override readonly name = 'RatchetError';
  readonly code: RatchetErrorCode;
  readonly details: RatchetErrorDetails;

  constructor(
    code: RatchetErrorCode,
    options: { readonly details?: RatchetErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(MESSAGES[code], 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }
}
