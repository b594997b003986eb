import { describe, expect, test } from 'vitest';
import { hasCertainWidth, widthOf } from '../../src/terminal/width.ts';

describe('columns of a line', () => {
  test.each([
    ['', 0],
    ['plain', 5],
    ['漢字', 4],
    ['かな', 4],
    ['한국어', 6],
    ['각', 2], // the same syllable as three letters
    ['ＡＢ', 4],
    ['ｱｲ', 2],
    ['cafe\u0301', 4],
    ['é', 1],
    ['🍜', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['👍🏽', 2],
    ['🇪🇺', 2],
    ['❤️', 2],
    ['❤', 1],
    ['1️⃣', 2],
    ['a\u200bb', 2],
    ['שלום', 4],
    ['—…’', 3],
    ['╭─╮', 3],
    ['\u001b[1mbold\u001b[22m', 4],
    ['\u001b[38;2;1;2;3m漢\u001b[39m', 2],
  ])('%s takes %i', (line, width) => {
    expect(widthOf(line)).toBe(width);
  });
});

test('the width is certain where every grapheme is one code point', () => {
  for (const line of ['plain', '漢字', '🍜', 'é', '\u001b[1mx\u001b[22m']) expect(hasCertainWidth(line)).toBe(true);
  for (const line of ['👨‍👩‍👧', '🇪🇺', '❤️', 'नि', 'e\u0301']) expect(hasCertainWidth(line)).toBe(false);
});
