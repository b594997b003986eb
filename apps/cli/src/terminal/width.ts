import { stripVTControlCharacters } from 'node:util';
import { isWide } from './wide-characters.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** U+FE0F asks for the emoji form of a sign that is text by itself; two letters of a region make a flag. */
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator}{2}/u;
/** Drawn onto what stands before, or not at all; the vowels and finals of Hangul join the first letter. */
const WITHOUT_WIDTH = /[\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Control}\p{Format}\p{Zl}\p{Zp}\u1160-\u11ff]/u;

/** What a reader takes for characters, in order. */
export function graphemesOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** Columns that a line takes in a terminal, escape sequences left out. */
export function widthOf(line: string): number {
  const text = stripVTControlCharacters(line);
  if (isPlain(text)) return text.length;
  return graphemesOf(text).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0);
}

/** An emoji of however many code points takes two columns; in any other grapheme every code point takes its own. */
export function graphemeWidth(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) {
    if (!WITHOUT_WIDTH.test(character)) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return width;
}

/** Whether all terminals agree on the width: they differ about graphemes of several code points. */
export function hasCertainWidth(line: string): boolean {
  const text = stripVTControlCharacters(line);
  return isPlain(text) || graphemesOf(text).every((grapheme) => [...grapheme].length === 1);
}

function isPlain(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text);
}
