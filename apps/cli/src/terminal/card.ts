import { type Block, cell } from './block.ts';
import { widthOf } from './width.ts';

export interface CardOptions {
  readonly title: string;
  readonly lines: readonly string[];
  /** Columns in all, frame and padding included. */
  readonly width: number;
  /** How the frame is drawn; as it is by default. */
  readonly frame?: (text: string) => string;
}

/** Columns that a card has for its lines. */
export function insideOf(width: number): number {
  return width - 4;
}

/** Lines in a frame with a title in its upper edge. The lines must fit: see {@link insideOf}. */
export function card({ title, lines, width, frame = (text) => text }: CardOptions): Block {
  const rule = '─'.repeat(Math.max(0, width - 5 - widthOf(title)));
  const inside = lines.map((line) => `${frame('│')} ${cell(line, insideOf(width))} ${frame('│')}`);
  return {
    width,
    lines: [`${frame('╭─')} ${title} ${frame(`${rule}╮`)}`, ...inside, frame(`╰${'─'.repeat(width - 2)}╯`)],
  };
}
