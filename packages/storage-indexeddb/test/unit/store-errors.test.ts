import { describe, expect, it } from 'vitest';
import { commitError, openingError, readingError } from '../../src/store-errors.ts';

const named = (name: string) => new DOMException('as the browser says', name);

describe('what the browser says, as a StoreError', () => {
  it.each([
    ['VersionError', 'newer-schema'],
    ['QuotaExceededError', 'quota'],
    ['SecurityError', 'unavailable'],
    ['InvalidStateError', 'unavailable'],
    ['UnknownError', 'unavailable'],
    ['AbortError', 'unavailable'],
  ])('opening: %s is %s', (name, code) => {
    const cause = named(name);
    expect(openingError(cause, 'db')).toMatchObject({ name: 'StoreError', code, cause });
  });

  it.each([
    ['DataError', 'corrupt'],
    ['NotReadableError', 'corrupt'],
    ['UnknownError', 'unavailable'],
  ])('reading: %s is %s', (name, code) => {
    expect(readingError(named(name))).toMatchObject({ code });
  });

  it.each([
    ['QuotaExceededError', 'reading', 'quota'],
    ['QuotaExceededError', 'written', 'quota'],
    ['AbortError', 'reading', 'unavailable'],
    ['AbortError', 'written', 'indeterminate'],
    ['UnknownError', 'written', 'indeterminate'],
    ['DataError', 'reading', 'corrupt'],
  ] as const)('commit: %s while %s is %s', (name, progress, code) => {
    expect(commitError(named(name), progress)).toMatchObject({ code });
  });

  it('an abort without a reason is one of the connection', () => {
    expect(commitError(null, 'reading')).toMatchObject({ code: 'unavailable' });
    expect(commitError(null, 'written')).toMatchObject({ code: 'indeterminate' });
    expect(readingError(null).message).toContain('the connection was closed');
  });
});
