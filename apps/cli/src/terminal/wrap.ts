import { graphemesOf, graphemeWidth, widthOf } from './width.ts';

/** Breaks plain text into lines of at most so many columns: at its line feeds, between words, and inside words too long. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

/** Cuts plain text to so many columns, with an ellipsis in the last one. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${takeColumns(graphemesOf(text), width - 1).join('')}…`;
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.match(/\s+|\S+/gu) ?? []) {
    if (widthOf(current) + widthOf(word) <= width) {
      current += word;
      continue;
    }
    // Space at the end of a line is the break itself.
    if (/^\s/u.test(word)) {
      lines.push(current);
      current = '';
      continue;
    }
    if (current.trim() !== '') lines.push(current.trimEnd());
    current = '';
    for (const piece of pieces(word, width)) {
      if (current !== '') lines.push(current);
      current = piece;
    }
  }
  lines.push(current);
  return lines;
}

function pieces(word: string, width: number): string[] {
  const rest = graphemesOf(word);
  const cut: string[] = [];
  while (rest.length > 0) {
    const taken = takeColumns(rest, width);
    cut.push(taken.join(''));
    rest.splice(0, taken.length);
  }
  return cut;
}

/** As many graphemes from the front as fit, but at least one, so that every loop ends. */
function takeColumns(graphemes: readonly string[], width: number): string[] {
  let used = 0;
  const end = graphemes.findIndex((grapheme) => {
    used += graphemeWidth(grapheme);
    return used > width;
  });
  return graphemes.slice(0, end === -1 ? graphemes.length : Math.max(1, end));
}
