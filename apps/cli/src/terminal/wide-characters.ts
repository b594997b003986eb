/**
 * First and last code points of what East Asian terminals show two columns wide: East_Asian_Width W and F of Unicode
 * (UAX 11), in the large; single unassigned code points between them count along. Emoji are told by their property.
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], // Hangul jamo that begin a syllable
  [0x2e80, 0x303e], // CJK radicals, punctuation
  [0x3041, 0x3247], // kana, bopomofo, compatibility jamo, enclosed
  [0x3250, 0x4dbf], // enclosed and squared, ideographs extension A
  [0x4e00, 0xa4cf], // ideographs, Yi
  [0xa960, 0xa97f], // Hangul jamo extended A
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff], // compatibility ideographs
  [0xfe10, 0xfe19], // vertical forms
  [0xfe30, 0xfe6f], // compatibility and small forms
  [0xff01, 0xff60], // fullwidth forms
  [0xffe0, 0xffe6], // fullwidth signs
  [0x16fe0, 0x18cff], // Tangut, Khitan
  [0x1aff0, 0x1b2fb], // kana supplements, Nushu
  [0x1f200, 0x1f265], // enclosed ideographic supplement
  [0x20000, 0x3fffd], // ideographs of planes 2 and 3
];

export function isWide(codePoint: number): boolean {
  return WIDE.some(([first, last]) => first <= codePoint && codePoint <= last);
}
