import { describe, expect, test } from 'vitest';
import { formatDateTime, parseDateTime } from '../../src/envelope/date-time.ts';
import { codeOf } from '../outcome.ts';

describe('DateTime of XEP-0082', () => {
  test.each([
    ['1969-07-21T02:56:15Z', -14_159_025_000],
    ['1969-07-20T21:56:15-05:00', -14_159_025_000],
    ['2004-01-25T06:05:00+01:00', 1_075_007_100_000],
    ['2000-02-29T00:00:00Z', 951_782_400_000],
    ['1970-01-01T00:00:00.5Z', 500],
    ['1970-01-01T00:00:00.123456789Z', 123],
    ['1970-01-01T00:00:00-00:00', 0],
    ['1970-01-01T23:59:00+23:59', 0],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
    ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDateTime(text).getTime()).toBe(milliseconds);
  });

  test.each([
    '',
    'today',
    '2004-01-25',
    '2004-01-25T06:05:00',
    '2004-01-25 06:05:00Z',
    '2004-1-25T06:05:00Z',
    '2004-01-25T06:05Z',
    '2004-01-25T06:05:00z',
    '2004-01-25T06:05:00+0100',
    '2004-01-25T06:05:00.Z',
    '2004-01-25T06:05:00.1234567890Z',
    ' 2004-01-25T06:05:00Z',
    '2004-01-25T06:05:00Z\n',
    '+12004-01-25T06:05:00Z',
    '2004-00-25T06:05:00Z',
    '2004-13-25T06:05:00Z',
    '2004-01-00T06:05:00Z',
    '2004-01-32T06:05:00Z',
    '2003-02-29T06:05:00Z',
    '2004-04-31T06:05:00Z',
    '2004-01-25T24:00:00Z',
    '2004-01-25T06:60:00Z',
    '2004-01-25T06:05:60Z',
    '2004-01-25T06:05:00+24:00',
    '2004-01-25T06:05:00+01:60',
    '٢٠٠٤-01-25T06:05:00Z',
  ])('refuses %j', (text) => {
    expect(codeOf(() => parseDateTime(text))).toBe('invalid-time');
  });

  test('writes years of four digits', () => {
    for (const text of ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) {
      expect(formatDateTime(parseDateTime(text))).toBe(text);
    }
    expect(codeOf(() => formatDateTime(new Date('-000001-12-31T23:59:59.999Z')))).toBe('invalid-time');
  });

  test('writes UTC with milliseconds', () => {
    expect(formatDateTime(new Date(1_075_007_100_007))).toBe('2004-01-25T05:05:00.007Z');
  });
});
