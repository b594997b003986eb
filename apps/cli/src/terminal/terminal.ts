import { setTimeout as wait } from 'node:timers/promises';
import { colourDepth } from './colour-depth.ts';
import { createInk, type Ink } from './ink.ts';

/** Columns that the layout is made for; a narrower terminal is written to line by line, a wider one not to its edge. */
const NARROWEST = 60;
const WIDEST = 160;

/** What is needed of a stream of the process. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Where a command writes to, and how. */
export interface Terminal {
  /** `screen`: frames and columns for somebody who looks on. `lines`: one fact a line, for pipes and files. */
  readonly layout: 'screen' | 'lines';
  /** Columns, 60 to 160. */
  readonly width: number;
  readonly ink: Ink;
  /** For what goes to standard error. */
  readonly errorInk: Ink;
  print(line?: string): void;
  /** To standard error. */
  complain(line: string): void;
  /** Waits until so long after the last call, so that somebody can follow; a pipe does not wait. */
  pace(milliseconds: number): Promise<void>;
}

export interface TerminalStreams {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}

export function openTerminal({ stdout, stderr, env }: TerminalStreams): Terminal {
  const isTerminal = stdout.isTTY === true;
  const columns = stdout.columns ?? 80;
  const layout = isTerminal && columns >= NARROWEST && env['TERM'] !== 'dumb' ? 'screen' : 'lines';
  let last = Number.NEGATIVE_INFINITY;
  return {
    layout,
    width: Math.min(WIDEST, Math.max(NARROWEST, columns)),
    ink: createInk(colourDepth(env, { isTerminal })),
    errorInk: createInk(colourDepth(env, { isTerminal: stderr.isTTY === true })),
    print: (line = '') => void stdout.write(`${line}\n`),
    complain: (line) => void stderr.write(`${line}\n`),
    pace: async (milliseconds) => {
      const rest = last + milliseconds - performance.now();
      if (layout === 'screen' && rest > 0) await wait(rest);
      last = performance.now();
    },
  };
}
