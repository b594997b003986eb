import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runCommand, toolsRoot } from '../../src/run-command.ts';
import { seedOf } from '../../src/vitest/seed.ts';
import { fixture } from '../fixture.ts';

describe('the seed of a run', () => {
  it('is one and the same unless another is asked for', () => {
    expect(seedOf(undefined)).toBe(seedOf(''));
    expect(seedOf('0')).toBe(0);
    expect(seedOf('2147483647')).toBe(2_147_483_647);
    expect(new Set([1, 2, 3].map(() => seedOf('random'))).size).toBeGreaterThan(1);
  });

  it.each(['1.5', '-1', 'Random', '2147483648', '0x10', '1 '])('is not %s', (asked) => {
    expect(() => seedOf(asked)).toThrow(RangeError);
  });

  it('is what fast-check draws from in every package', () => {
    expect(fc.readConfigureGlobal().seed).toBe(Number(process.env['OMEMO_SEED']));
    const drawn = () => fc.sample(fc.integer(), 5);
    expect(drawn()).toEqual(drawn());
  });
});

it('a run names at its end what it skipped, with the reason, and the seed of what failed', async () => {
  const notes = join(toolsRoot, 'tooling', 'checks', 'src', 'vitest', 'run-notes.ts');
  const root = fixture({
    'package.json': { type: 'module' },
    'vitest.config.ts': [
      `import { RunNotes } from ${JSON.stringify(notes)};`,
      "export default { test: { reporters: ['default', new RunNotes(7)] } };",
    ].join('\n'),
    'one.test.ts': [
      "import { describe, expect, it } from 'vitest';",
      "describe('outer', () => {",
      "  it('holds', () => expect(1).toBe(1));",
      "  describe.skip('needs a peer [to install it: one line]', () => {",
      "    it('answers', () => {});",
      "    it('asks', () => {});",
      '  });',
      '});',
      "it.skip('a corpus is missing: set a variable', () => {});",
    ].join('\n'),
    'two.test.ts': "import { expect, it } from 'vitest';\nit('fails', () => expect(1).toBe(2));\n",
  });
  const { output } = await runCommand('vitest', ['run'], { cwd: root });
  const end = output.slice(output.indexOf('skipped in'));
  expect(end.split('\n')).toEqual(
    expect.arrayContaining([
      'skipped in one.test.ts:',
      '  outer > needs a peer [to install it: one line]',
      '  a corpus is missing: set a variable',
      'random tests ran with OMEMO_SEED=7',
    ]),
  );
  expect(end).not.toContain('answers');
  const named = await runCommand('vitest', ['run', '-t', 'holds'], { cwd: root });
  expect(named.code).toBe(0);
  expect(named.output).not.toMatch(/skipped in|OMEMO_SEED/);
});
