/** One rule taken out of the code: the first and only `find` in `file` becomes `replace`. */
export interface Mutant {
  /** The row it belongs to, as SPEC-COVERAGE.md and THREAT-MODEL.md number it: `R07`, `S31`. */
  readonly row: string;
  /** What the code does not do any more, in a few words. */
  readonly breaks: string;
  /** From the root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The file's text with the rule taken out. @throws TypeError where the text to be replaced is not there exactly once. */
export function mutated(text: string, { row, file, find, replace }: Mutant): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined) throw new TypeError(`${row}: ${file} does not hold: ${find}`);
  if (more.length > 0) throw new TypeError(`${row}: ${file} holds more than once: ${find}`);
  return before + replace + after;
}
