import type { TwomemoEffect } from './effects.ts';

/**
 * - `peer-unavailable`: the process could not be started, or ended before it said that it is ready.
 * - `peer-refused`: the peer answered a request with an exception; see `details.exception`.
 * - `peer-timeout`: no answer in time. The process lives on and its late answer is dropped.
 * - `peer-exited`: the process ended while a request was waiting, or had ended before it was made.
 * - `peer-closed`: `close()` was called before the answer came, or before the request was made.
 * - `peer-protocol`: the process wrote something that is not a line of its protocol; it is killed.
 * - `no-such-account`: a server was not started with that account, or does not serve its domain.
 */
export type InteropErrorCode =
  | 'peer-unavailable'
  | 'peer-refused'
  | 'peer-timeout'
  | 'peer-exited'
  | 'peer-closed'
  | 'peer-protocol'
  | 'no-such-account';

export interface InteropErrorDetails {
  /** The request that failed. */
  readonly method?: string;
  /** Class name of the exception in the peer, as `NoSession` or `DecryptionFailed`. */
  readonly exception?: string;
  /** The exceptions behind it, nearest first, as `Name: text`. */
  readonly causes?: readonly string[];
  /** What the device had written before it failed. */
  readonly effects?: readonly TwomemoEffect[];
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  /** The last characters of the peer's standard error. */
  readonly stderr?: string;
}

/** The one error of this package. `code` is for programs and is never renamed, the message is for people. */
export class InteropError extends Error {
  override readonly name = 'InteropError';
  readonly code: InteropErrorCode;
  readonly details: InteropErrorDetails;

  constructor(code: InteropErrorCode, message: string, details: InteropErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
