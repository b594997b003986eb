import { printable } from '../terminal/printable.ts';
import { wrap } from '../terminal/wrap.ts';
import { count } from './wording.ts';

/** A text too long for this many UTF-16 units is cut before it is laid out. */
const LONGEST = 2_000;

/** Somebody's text as lines of so many columns and so many lines, fit for a terminal; says so when that is not all. */
export function excerpt(text: string, { width, lines }: { readonly width: number; readonly lines: number }): string[] {
  if (text === '') return ['(an empty message)'];
  if (text.trim() === '') return ['(nothing but white space)'];
  const shown = wrap(printable(text.slice(0, LONGEST)), width);
  if (text.length <= LONGEST && shown.length <= lines) return shown;
  return [...shown.slice(0, lines - 1), `… ${count([...text].length, 'character')} in all`];
}
