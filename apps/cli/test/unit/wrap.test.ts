import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemesOf, widthOf } from '../../src/terminal/width.ts';
import { shorten, wrap } from '../../src/terminal/wrap.ts';

describe('wrap', () => {
  test.each([
    ['one two three', 7, ['one two', 'three']],
    ['one two', 7, ['one two']],
    ['one  two', 6, ['one', 'two']],
    ['', 5, ['']],
    ['a\n\nb', 5, ['a', '', 'b']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['漢字漢字', 5, ['漢字', '漢字']],
    ['an 👨‍👩‍👧‍👦👨‍👩‍👧‍👦 b', 4, ['an', '👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 'b']],
    ['  indented', 20, ['  indented']],
  ])('%j in %i columns', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(' ', '\n', 'a', '漢', '🍜', 'é', '👨‍👩‍👧'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
  });

  test('no line is too long, and nothing but white space is lost', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (given, width) => {
        const lines = wrap(given, width);
        // A line takes one grapheme at least, however wide it is.
        for (const line of lines) if (graphemesOf(line).length > 1) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(/\s/gu, '')).toBe(given.replaceAll(/\s/gu, ''));
      }),
    );
  });

  test('shorten fills the width, with an ellipsis when something is left out', () => {
    expect(shorten('abcdef', 6)).toBe('abcdef');
    expect(shorten('abcdef', 5)).toBe('abcd…');
    expect(shorten('漢字漢字', 6)).toBe('漢字…');
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 40 }), (given, width) => {
        expect(widthOf(shorten(given, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
