import { expect, test } from 'vitest';
import { writersOptions } from '../../src/writers/options.ts';

test('without options every store gets what is promised of it', () => {
  const { plans, devices } = writersOptions([]);
  expect(plans).toContainEqual({ store: 'sqlite', writers: 4, messages: 2_000 });
  expect(plans).toContainEqual(expect.objectContaining({ store: 'postgres', writers: 8 }));
  expect(plans).toContainEqual(expect.objectContaining({ store: 'indexeddb', writers: 3 }));
  expect(devices).toBe(1);
});

test('options choose stores and numbers, and a wrong one is refused', () => {
  const args = ['--store', 'memory', '--store', 'sqlite', '--messages', '7', '--writers', '2'];
  expect(writersOptions(args).plans).toEqual([
    { store: 'memory', writers: 2, messages: 7 },
    { store: 'sqlite', writers: 2, messages: 7 },
  ]);
  expect(() => writersOptions(['--store', 'floppy'])).toThrow(RangeError);
  expect(() => writersOptions(['--messages', '0'])).toThrow(RangeError);
  expect(() => writersOptions(['--messages', 'many'])).toThrow(RangeError);
});
