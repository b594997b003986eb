/**
 * - `usage`: the command line is wrong.
 * - `text-not-sendable`: XMPP cannot carry the text.
 * - `peer-missing`: the peer asked for is not installed.
 * - `store-unavailable`: records cannot be kept where they are to be kept.
 * - `no-account`: nobody logged in to the account here, or it is not clear which is meant.
 * - `login-refused`, `server-unreachable`: there is no connection.
 * - `not-sent`: a message could not be sent as things are; the details say what to do about it.
 * - `not-done`: the server, or somebody else, did not do what was asked.
 * - `broken-expectation`: something did not go as OMEMO promises.
 */
export type CliErrorCode =
  | 'usage'
  | 'text-not-sendable'
  | 'peer-missing'
  | 'store-unavailable'
  | 'no-account'
  | 'login-refused'
  | 'server-unreachable'
  | 'not-sent'
  | 'not-done'
  | 'broken-expectation';

/** Work that failed; everything else is a call that cannot work. */
const FAILURES: readonly CliErrorCode[] = ['broken-expectation', 'not-sent', 'not-done', 'server-unreachable'];

/** What ends a command with a sentence in place of a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** For programs: what `--json` prints beside the text. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: CliErrorCode,
    message: string,
    options: ErrorOptions & { hint?: string | undefined; facts?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options);
    this.code = code;
    this.hint = options.hint;
    this.facts = options.facts ?? {};
  }

  /** Exit status: 2 for a call that cannot work, 1 for work that failed. */
  get exitCode(): 1 | 2 {
    return FAILURES.includes(this.code) ? 1 : 2;
  }
}
