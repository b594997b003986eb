import { decodeBase64, encodeBase64 } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { encodeWithTable } from '../../src/base64-table.ts';
import { filled, hex } from '../hex.ts';
import { codeOf } from '../outcome.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('base64', () => {
  // RFC 4648 section 10.
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('writes and reads %j', (plain, text) => {
    expect(encodeBase64(utf8(plain))).toBe(text);
    expect(decodeBase64(text)).toEqual(utf8(plain));
  });

  test('writes the same where the engine cannot (Node 22 and 24, many browsers)', () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 300 }, (_, index) => (index * 167) & 0xff));
    for (let end = 1; end <= bytes.length; end++) {
      const view = bytes.subarray(1, end);
      expect(encodeWithTable(view)).toBe(view.toString('base64'));
      expect(encodeBase64(view)).toBe(view.toString('base64'));
    }
  });

  test('uses the standard alphabet', () => {
    expect(encodeBase64(new Uint8Array([0xfb, 0xff, 0xbf]))).toBe('+/+/');
    expect(hex(decodeBase64('+/+/'))).toBe('fbffbf');
  });

  test.each([
    ['lines', '\n  Zm9v\r\n\tYg==\n'],
    ['space before the padding', 'Zm9vYg =='],
    ['space inside the padding', 'Zm9vYg= ='],
  ])('skips XML white space: %s', (_, text) => {
    expect(decodeBase64(text)).toEqual(utf8('foob'));
  });

  test.each([
    ['no padding', 'Zg'],
    ['half the padding', 'Zg='],
    ['too much padding', 'Zg==='],
    ['padding without need', 'Zm9v='],
    ['a whole group of padding', 'Zm9v===='],
    ['only padding', '===='],
    ['one digit', 'Z'],
    ['one digit, padded', 'A==='],
    ['five digits', 'Zm9vY'],
    ['a digit behind the padding', 'Zg==Zg=='],
    ['unused bits set, one byte', 'Zh=='],
    ['unused bits set, two bytes', 'Zm9='],
    ['the URL alphabet', '-_-_'],
    ['junk', 'Zm9v@'],
    ['a no-break space', 'Zm9v\u00a0'],
    ['a vertical tab', 'Zm9v\u000b'],
    ['a character beyond ASCII', 'Zm9vé==='],
    ['a wide digit', 'Ｚm9v'],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => decodeBase64(text))).toBe('invalid-base64');
  });

  test('reads what a Buffer would read differently not at all', () => {
    expect(codeOf(() => decodeBase64('Zm9v\0Yg=='))).toBe('invalid-base64');
    expect(codeOf(() => decodeBase64('Zm-v'))).toBe('invalid-base64');
  });

  test('keeps every byte of a long text', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, index) => (index * 31) % 256);
    expect(hex(decodeBase64(encodeBase64(bytes)))).toBe(hex(bytes));
    expect(encodeBase64(filled(6, 0))).toBe('AAAAAAAA');
  });
});
