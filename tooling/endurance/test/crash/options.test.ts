import { expect, test } from 'vitest';
import { readOptions } from '../../src/crash/options.ts';

test('without arguments: all stores, so many cycles as fit into CI', () => {
  const { stores, cycles, defect } = readOptions([]);
  expect(stores).toEqual(['sqlite', 'indexeddb', 'postgres']);
  expect(cycles).toEqual({ sqlite: 60, indexeddb: 10, postgres: 5 });
  expect(defect).toBeUndefined();
});

test('cycles are SQLite’s, and the others get their part; a store by itself gets them all', () => {
  expect(readOptions(['--cycles', '60']).cycles).toEqual({ sqlite: 60, indexeddb: 10, postgres: 5 });
  expect(readOptions(['--cycles', '7', '--store', 'postgres']).cycles.postgres).toBe(7);
  expect(readOptions(['--long']).cycles).toEqual({ sqlite: 5_000, indexeddb: 100, postgres: 50 });
});

test.each([
  [['--store', 'mysql']],
  [['--cycles', '0']],
  [['--cycles', 'many']],
  [['--cycles', '5', '--long']],
  [['--break', 'everything']],
  [['--seed', '-1']],
  [['--what']],
])('%j says nothing', (args) => {
  expect(() => readOptions(args)).toThrow(TypeError);
});
