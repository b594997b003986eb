import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable } from '../../src/terminal/printable.ts';

test.each([
  ['one\r\ntwo\u2028three\u0085four\nfive', 'one\ntwo\nthree\nfour\nfive'],
  ['a\tb', 'a    b'],
  ['\u001b[31mred\u0007', '␛[31mred␇'],
  ['back\rto start', 'back␍to start'],
  ['\u007f', '␡'],
  ['\u009b31m', '<U+009B>31m'],
  ['abc\u202edef', 'abc<U+202E>def'],
  ['👨‍👩‍👧 שלום ❤️', '👨‍👩‍👧 שלום ❤️'],
])('%j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('no text reaches the terminal as a command', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(printable(text)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});
