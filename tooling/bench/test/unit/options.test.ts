import { describe, expect, test } from 'vitest';
import { readOptions } from '../../src/options.ts';

describe('options', () => {
  test('name parts; jobs alone where only jobs are named', () => {
    expect(readOptions(['growth', '--quick'])).toMatchObject({ parts: ['growth'], quick: true });
    expect(readOptions(['--jobs', 'a,f'])).toMatchObject({ parts: ['jobs'], jobs: ['a', 'f'] });
    expect(readOptions(['-h']).help).toBe(true);
  });

  test.each([
    [['--jobs', 'z'], 'there is no job z'],
    [['brwoser'], 'there is no part brwoser'],
    [['--provider', 'wasm'], 'there is no provider wasm'],
    [['core', '--jobs', 'a'], '--jobs is for jobs, not for core'],
    [['growth', 'browser', '--provider', 'noble'], '--provider is for jobs and core, not for growth, browser'],
    [['--fast'], 'fast'],
  ])('%j is refused', (args, why) => {
    expect(() => readOptions(args)).toThrow(why);
    expect(() => readOptions(args)).toThrow(TypeError);
  });
});
