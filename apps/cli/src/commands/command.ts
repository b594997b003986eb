import type { Terminal } from '../terminal/terminal.ts';

/** A command of the program. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  /** Does it; resolves when it is done. Throws a `CliError` for what a person can understand and mend. */
  run(args: readonly string[], terminal: Terminal): Promise<void>;
}
