import { WriteStream } from 'node:tty';

/** Bits of colour: none, the 16 of the terminal's theme, the cube of 256, or any of 16 million. */
export type ColourDepth = 1 | 4 | 8 | 24;

/**
 * What to write colours with. A file or a pipe gets none unless FORCE_COLOR asks for it (`1`, `2` or `3`: 16, 256 or all
 * colours; `0`: none). A terminal gets what its variables promise, none with NO_COLOR.
 */
export function colourDepth(env: NodeJS.ProcessEnv, { isTerminal }: { readonly isTerminal: boolean }): ColourDepth {
  if (!isTerminal && env['FORCE_COLOR'] === undefined) return 1;
  const depth = WriteStream.prototype.getColorDepth(env);
  return depth === 4 || depth === 8 || depth === 24 ? depth : 1;
}
