import { consistentColour, type Rgb } from '@omemo-kit/omemo-core/fingerprints';
import type { ColourDepth } from './colour-depth.ts';
import { nearestOf256 } from './palette-256.ts';

/** Dresses a line of text; nothing changes its width. Without colours every ink is clear. */
export interface Ink {
  bold(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  /** The colour of XEP-0392 for a text, by default for the text itself. From 256 colours up. */
  consistent(text: string, of?: string): string;
}

/** On black (contrast 6.6) and on white (3.2) alike: a program does not know which one a terminal has. */
const LIGHTNESS = 60;

const ESCAPE = '\u001b[';

export function createInk(depth: ColourDepth): Ink {
  const sgr =
    (on: string, off: string) =>
    (text: string): string =>
      depth === 1 || text === '' ? text : `${ESCAPE}${on}m${text}${ESCAPE}${off}m`;
  return {
    bold: sgr('1', '22'),
    faint: sgr('2', '22'),
    good: sgr('32', '39'),
    bad: sgr('31', '39'),
    warn: sgr('33', '39'),
    consistent: (text, of = text) => {
      if (depth < 8) return text;
      return sgr(foreground(depth, consistentColour(of, { lightness: LIGHTNESS })), '39')(text);
    },
  };
}

function foreground(depth: ColourDepth, colour: Rgb): string {
  if (depth === 24) return `38;2;${colour.map((channel) => Math.round(channel * 255)).join(';')}`;
  return `38;5;${nearestOf256(colour)}`;
}
