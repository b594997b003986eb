/** Controls, and what steers direction or is not seen: an end of a line, an override, a zero-width space. */
const INVISIBLE = new RegExp(
  '[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B-\\u200F' +
    '\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFFB\\uD800-\\uDFFF\\uE000-\\uF8FF' +
    '\\u{E0000}-\\u{E0FFF}\\u{F0000}-\\u{10FFFF}]',
  'gu',
);

export interface DisplayLabel {
  /** One line without control, direction or invisible characters. Still a peer's words: show it as text, set apart. */
  readonly text: string;
  /** Whether something was taken out, which no honest client makes necessary. */
  readonly altered: boolean;
}

/**
 * What to show of a device label whose signature was verified (S59). Letters that look like others are not detected; a
 * user interface must isolate the text (`<bdi>` in HTML) and never render it as markup.
 */
export function displayLabel(label: string): DisplayLabel {
  const text = label.replace(INVISIBLE, '').trim();
  return { text, altered: text !== label };
}
