import { lineOf } from './committed-files.ts';

export interface MachineWord {
  readonly text: string;
  readonly line: number;
}

// Each pattern is written so that it does not match itself.
const PATHS = /(?<![\w.~$}/-])[/](?:work|tmp|root|farm|home[/]\w+|Users[/]\w+)(?![\w.-])/g;
const BESIDE_THE_CHECKOUT = /\.\.[/](?:shared)\b/g;
const WORKPLACE = /\bfarm(?:[-]\w+)?\b|\bbefore[-]stop\b|[/]\.library\b|\bcontract[.]md\b/g;

/** Paths and names that mean something on one machine alone. */
export function machineWords(text: string): readonly MachineWord[] {
  return [PATHS, BESIDE_THE_CHECKOUT, WORKPLACE].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ text: match[0], line: lineOf(text, match.index) })),
  );
}
