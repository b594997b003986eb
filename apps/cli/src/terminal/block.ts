import { hasCertainWidth, widthOf } from './width.ts';

/** Lines of one width, ready to stand beside others. */
export interface Block {
  readonly width: number;
  readonly lines: readonly string[];
}

const SAVE_CURSOR = '\u001b7';
const RESTORE_CURSOR = '\u001b8';

/**
 * A line followed by as much space as it takes to fill so many columns. Where terminals differ about the width of what
 * is in the line, the cursor goes back to its start and forward from there: what stands to the right is in its place.
 */
export function cell(line: string, width: number): string {
  if (hasCertainWidth(line)) return line + ' '.repeat(Math.max(0, width - widthOf(line)));
  return `${SAVE_CURSOR}${line}${RESTORE_CURSOR}\u001b[${width}C`;
}

export function block(lines: readonly string[], width: number): Block {
  return { width, lines: lines.map((line) => cell(line, width)) };
}

/** Blocks from left to right, their first lines level. */
export function beside(...blocks: readonly Block[]): Block {
  const height = Math.max(0, ...blocks.map(({ lines }) => lines.length));
  const lines = Array.from({ length: height }, (_, row) =>
    blocks.map(({ lines, width }) => lines[row] ?? ' '.repeat(width)).join(''),
  );
  return { width: blocks.reduce((sum, { width }) => sum + width, 0), lines };
}

/** Blocks of one width from top to bottom. */
export function above(...blocks: readonly Block[]): Block {
  return { width: Math.max(0, ...blocks.map(({ width }) => width)), lines: blocks.flatMap(({ lines }) => lines) };
}
