/**
 * What is wrong with bytes or XML, one code a kind of defect. A code is never renamed.
 *
 * - `malformed-protobuf`: not a protobuf message: truncated, an illegal tag, a group.
 * - `wrong-wire-type`, `missing-field`, `repeated-field`: a known protobuf field is not as section 12 has it.
 * - `integer-out-of-range`: a protobuf integer above 2^32-1.
 * - `wrong-length`: a key, tag, signature or ciphertext of another length than it must have.
 * - `malformed-xml`: not the well-formed subset of XML that XMPP allows.
 * - `invalid-character`: a character that XML cannot carry; `invalid-utf8`: bytes that are not UTF-8.
 * - `unexpected-element`: not the element asked for, or an element where only text may be.
 * - `forbidden-element`: an element that must not travel inside an envelope (XEP-0420).
 * - `missing-element`, `repeated-element`, `missing-attribute`: required exactly once.
 * - `invalid-id`, `invalid-boolean`, `invalid-base64`, `invalid-jid`, `invalid-time`: a value that does not parse.
 * - `too-large`, `too-many`: above one of the limits.
 * - `forged-forward`: a carbon copy or archive result from somebody who may not send one.
 * - `invalid-argument`: the caller's own mistake.
 */
export type WireErrorCode =
  | 'malformed-protobuf'
  | 'wrong-wire-type'
  | 'missing-field'
  | 'repeated-field'
  | 'integer-out-of-range'
  | 'wrong-length'
  | 'malformed-xml'
  | 'invalid-character'
  | 'invalid-utf8'
  | 'unexpected-element'
  | 'forbidden-element'
  | 'missing-element'
  | 'repeated-element'
  | 'missing-attribute'
  | 'invalid-id'
  | 'invalid-boolean'
  | 'invalid-base64'
  | 'invalid-jid'
  | 'invalid-time'
  | 'too-large'
  | 'too-many'
  | 'forged-forward'
  | 'invalid-argument';

/** Where the defect is. Names are those of the specification; nothing a peer wrote is repeated here. */
export interface WireErrorDetails {
  /** The element or protobuf message. */
  readonly in?: string;
  /** The attribute, child element or field. */
  readonly part?: string;
  /** The limit that was passed, or the length that was required. */
  readonly limit?: number;
  /** What was found instead. */
  readonly actual?: number;
  /** Offset into the text (UTF-16 code units) or the bytes. */
  readonly offset?: number;
}

/**
 * The one error of this package. Its message says what is wrong and where, and never holds a byte of what was parsed, so
 * it may be logged.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  readonly details: WireErrorDetails;

  constructor(code: WireErrorCode, message: string, options: ErrorOptions & { details?: WireErrorDetails } = {}) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? {};
  }
}
