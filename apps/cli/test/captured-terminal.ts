import { openTerminal, type Terminal } from '../src/terminal/terminal.ts';

export interface CapturedOptions {
  /** Columns of a terminal; a pipe when left out. */
  readonly columns?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A terminal, or a pipe, that keeps what is written to it. */
export function capturedTerminal({ columns, env = {} }: CapturedOptions = {}) {
  const written = { out: '', error: '' };
  const stream = (write: (text: string) => void) => ({
    ...(columns === undefined ? {} : { isTTY: true, columns }),
    write,
  });
  const stdout = stream((text) => {
    written.out += text;
  });
  const stderr = stream((text) => {
    written.error += text;
  });
  // Nobody looks on.
  const terminal: Terminal = { ...openTerminal({ stdout, stderr, env }), pace: async () => {} };
  return { written, terminal };
}
