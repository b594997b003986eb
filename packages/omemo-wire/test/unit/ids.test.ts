import { parseDeviceId, parseId } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';

describe('ids', () => {
  test.each([
    ['0', 0],
    ['1', 1],
    ['007', 7],
    ['2147483647', 2 ** 31 - 1],
    ['2147483648', 2 ** 31],
    ['4294967295', 2 ** 32 - 1],
    ['0000000001', 1],
  ])('reads %j', (text, id) => {
    expect(parseId(text)).toBe(id);
    expect(parseDeviceId(text)).toBe(id);
  });

  test.each([
    '',
    ' 5',
    '5 ',
    '+5',
    '-1',
    '-0',
    '1e3',
    '0x10',
    '0b1',
    '1.0',
    '1_000',
    '5\n',
    '4294967296',
    '9999999999',
    '00000000001',
    '9007199254740992',
    '٣',
    '５',
    'NaN',
    'Infinity',
    '__proto__',
  ])('refuses %j', (text) => {
    expect(codeOf(() => parseId(text))).toBe('invalid-id');
    expect(codeOf(() => parseDeviceId(text))).toBe('invalid-id');
  });
});
