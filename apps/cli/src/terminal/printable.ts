/** Line ends of every kind that text comes with. */
const LINE_END = /\r\n|[\n\u0085\u2028\u2029]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f]/g;
/** Controls of ISO 8859, and those that turn the direction of what follows: a text must not rearrange its surroundings. */
const TURNING = /[\u0080-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const TAB = '    ';

/**
 * Somebody's text as a terminal may show it: line feeds stay, tabs become spaces, every other control character is shown
 * as a sign for itself and does nothing.
 */
export function printable(text: string): string {
  return text
    .replaceAll(LINE_END, '\n')
    .replaceAll('\t', TAB)
    .replaceAll(CONTROL, (control) => {
      const code = control.charCodeAt(0);
      return String.fromCodePoint(code === 0x7f ? 0x2421 : 0x2400 + code);
    })
    .replaceAll(TURNING, (control) => `<U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`);
}
