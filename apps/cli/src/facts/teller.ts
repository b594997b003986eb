import type { Terminal } from '../terminal/terminal.ts';
import { factLines } from './fact-lines.ts';
import type { Fact } from './facts.ts';

/** Tells a fact; resolves once it is written. */
export type Tell = (fact: Fact) => void;

/** `json`: one object a line. `text`: lines for a person. */
export function teller(terminal: Terminal, format: 'json' | 'text'): Tell {
  if (format === 'json') return (fact) => terminal.print(JSON.stringify(fact));
  return (fact) => {
    for (const line of factLines(fact, terminal.ink)) terminal.print(line);
  };
}
