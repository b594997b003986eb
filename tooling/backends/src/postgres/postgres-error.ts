/**
 * - `unavailable`: there is no PostgreSQL to start, or nobody to run it as.
 * - `failed`: one of its programs failed; the message has what it said.
 */
export type PostgresErrorCode = 'unavailable' | 'failed';

/** A server could not be had, started or stopped. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: PostgresErrorCode;

  constructor(code: PostgresErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
