import { describe, expect, test } from 'vitest';
import { FormatError } from '../../src/format-error.ts';
import { Recorded } from '../../src/recorded.ts';

describe('a recording that is not in the format names the place', () => {
  const recorded = new Recorded({ a: [{ b: 'xyz' }], n: 1.5, t: 'word' });
  test.each([
    [() => recorded.get('missing'), 'the file has no missing'],
    [() => recorded.get('a').items()[0]?.get('b').bytes(), 'a[0].b is no lower-case hex'],
    [() => recorded.get('n').count(), 'n is no count'],
    [() => recorded.get('n').text(), 'n is no text'],
    [() => recorded.get('t').flag(), 't is neither true nor false'],
    [() => recorded.get('t').items(), 't is no list'],
    [() => recorded.get('t').get('u'), 't is no object'],
    [() => recorded.get('t').oneOf('x', 'y'), 't is none of x, y'],
    [() => new Recorded('AB').bytes(), 'the file is no lower-case hex'],
    [() => new Recorded('abc').bytes(), 'the file is no lower-case hex'],
  ])('%#', (read, message) => {
    expect(read).toThrow(new FormatError(message));
  });
});

test('members that are inherited are none', () => {
  expect(new Recorded({}).has('toString')).toBe(false);
  expect(new Recorded({}).find('constructor')).toBeUndefined();
});
