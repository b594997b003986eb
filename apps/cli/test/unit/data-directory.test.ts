import { describe, expect, test } from 'vitest';
import { dataDirectory, type Surroundings } from '../../src/storage/data-directory.ts';

function at(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home?: string): Surroundings {
  return { platform, env, home };
}

describe('the data directory', () => {
  test.each([
    ['Linux', at('linux', {}, '/homes/alice'), '/homes/alice/.local/share/omemo-kit'],
    ['Linux with XDG_DATA_HOME', at('linux', { XDG_DATA_HOME: '/data/a b' }, '/homes/alice'), '/data/a b/omemo-kit'],
    ['Linux with XDG_DATA_HOME and no home', at('linux', { XDG_DATA_HOME: '/data' }), '/data/omemo-kit'],
    [
      'a relative one counts for none',
      at('linux', { XDG_DATA_HOME: 'data' }, '/homes/a'),
      '/homes/a/.local/share/omemo-kit',
    ],
    ['an empty one too', at('freebsd', { XDG_DATA_HOME: '' }, '/homes/a'), '/homes/a/.local/share/omemo-kit'],
    ['macOS', at('darwin', { XDG_DATA_HOME: '/data' }, '/people/a'), '/people/a/Library/Application Support/omemo-kit'],
    ['Windows', at('win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\a'), 'D:\\Local\\omemo-kit'],
    ['Windows without LOCALAPPDATA', at('win32', {}, 'C:\\Users\\a'), 'C:\\Users\\a\\AppData\\Local\\omemo-kit'],
  ])('%s', (_, surroundings, directory) => {
    expect(dataDirectory(surroundings)).toBe(directory);
  });

  test.each([
    ['no home', at('linux', {})],
    ['a relative home', at('linux', {}, 'somewhere')],
    ['no home on macOS', at('darwin', { XDG_DATA_HOME: '/data' })],
    ['nothing on Windows', at('win32', {})],
  ])('%s: says what to do instead', (_, surroundings) => {
    expect(() => dataDirectory(surroundings)).toThrow(
      expect.objectContaining({ code: 'store-unavailable', hint: expect.stringContaining('--store memory') }),
    );
  });
});
