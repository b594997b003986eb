import { displayLabel } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';

describe('displayLabel', () => {
  test.each(['Phone', 'Ünïcödé & <x>', '🙂 电话', 'הטלפון שלי', 'a\u0301b'])('leaves %j alone', (label) => {
    expect(displayLabel(label)).toEqual({ text: label, altered: false });
  });

  test.each([
    ['a right-to-left override', 'gnp.\u202Eexe', 'gnp.exe'],
    ['an embedding', '\u202Aa\u202C', 'a'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['marks', '\u200Ea\u200F\u061C', 'a'],
    ['a zero-width space', 'Pho\u200Bne', 'Phone'],
    ['a zero-width joiner', 'Pho\u200Dne', 'Phone'],
    ['a soft hyphen', 'Pho\u00ADne', 'Phone'],
    ['a line end', 'Phone\n(verified)', 'Phone(verified)'],
    ['a line separator', 'Phone\u2028x', 'Phonex'],
    ['a null and an escape', 'a\0\u001B[31mb', 'a[31mb'],
    ['a C1 control', 'a\u009Bb', 'ab'],
    ['a byte order mark', '\uFEFFa', 'a'],
    ['a Hangul filler', 'a\u3164b', 'ab'],
    ['tag characters', 'a\u{E0061}\u{E007F}', 'a'],
    ['a variation selector', 'a\uFE0F', 'a'],
    ['an unpaired surrogate', 'a\uD800', 'a'],
    ['private use', 'a\uE000\u{F0000}', 'a'],
    ['an object replacement', 'a\uFFFA', 'a'],
    ['only what is invisible', '\u200B\u200B', ''],
    ['space around', '  Phone ', 'Phone'],
  ])('takes out %s', (_, label, text) => {
    expect(displayLabel(label)).toEqual({ text, altered: true });
  });
});
