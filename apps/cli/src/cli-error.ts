/**
 * - `usage`: the command line is wrong.
 * - `text-not-sendable`: XMPP cannot carry the text.
 * - `peer-missing`: the peer asked for is not installed.
 * - `store-unavailable`: records cannot be kept where they are to be kept.
 * - `broken-expectation`: something did not go as OMEMO promises.
 */
export type CliErrorCode = 'usage' | 'text-not-sendable' | 'peer-missing' | 'store-unavailable' | 'broken-expectation';

/** What ends a command with a sentence in place of a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: CliErrorCode, message: string, options: ErrorOptions & { hint?: string | undefined } = {}) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
  }

  /** Exit status: 2 for a call that cannot work, 1 for work that failed. */
  get exitCode(): 1 | 2 {
    return this.code === 'broken-expectation' ? 1 : 2;
  }
}
