import { describe, expect, test } from 'vitest';
import { cli } from '../../src/cli.ts';
import { capturedTerminal } from '../captured-terminal.ts';

async function run(...args: string[]) {
  const { written, terminal } = capturedTerminal();
  return { code: await cli(args, terminal), ...written };
}

describe('what is asked for goes to standard output', () => {
  test.each([
    [['--help'], /^Usage: omemo-kit <command>[\s\S]*demo +two people/],
    [['help'], /^Usage: omemo-kit <command>/],
    [['demo', '--help'], /^Usage: pnpm demo \[options\] \[words\]/],
    [['demo', '-h', 'words'], /^Usage: pnpm demo/],
    [['--version'], /^omemo-kit \d+\.\d+\.\d+\n$/],
    [['demo', '--version'], /^omemo-kit \d+\.\d+\.\d+\n$/],
  ])('%j', async (args, out) => {
    expect(await run(...args)).toEqual({ code: 0, out: expect.stringMatching(out), error: '' });
  });
});

describe('what is wrong goes to standard error, with the usage, and the status is 2', () => {
  test.each([
    [[], /which command\?\n\nUsage: omemo-kit/],
    [['dmeo'], /there is no command "dmeo"\n\nUsage: omemo-kit/],
    [['demo', '--nonsense'], /Unknown option '--nonsense'[\s\S]*Usage: pnpm demo/],
    [['demo', '--json=1'], /--json[\s\S]*Usage: pnpm demo/],
    [['demo', '--peer'], /--peer[\s\S]*Usage: pnpm demo/],
    [['demo', '--store'], /--store[\s\S]*Usage: pnpm demo/],
    [
      ['demo', '--store', 'memroy'],
      /there is no store "memroy"\nthe store is memory, or a file[\s\S]*Usage: pnpm demo/,
    ],
    [['demo', '--peer', 'libsignal'], /there is no peer "libsignal"\nthe peer there is: twomemo\n\nUsage: pnpm demo/],
  ])('%j', async (args, error) => {
    expect(await run(...args)).toEqual({ code: 2, out: '', error: expect.stringMatching(error) });
  });
});

test('after -- an option is text', async () => {
  const { code, out } = await run('demo', '--store', 'memory', '--', '--version');
  expect(code).toBe(0);
  expect(out).toContain('Bob’s phone shows: --version\n');
});
