import { expect, it } from 'vitest';
import { tests } from '../../src/tests.ts';
import { check, fixture } from '../fixture.ts';

it('fails with a failing test, and names what was skipped', async () => {
  const root = fixture({
    'package.json': { type: 'module' },
    'one.test.ts': [
      "import { describe, expect, it } from 'vitest';",
      "it('holds', () => expect(1).toBe(1));",
      "it('does not hold', () => expect(1).toBe(2));",
      "describe.skip('a peer that is not installed', () => it('answers', () => {}));",
    ].join('\n'),
  });
  const { problems, notes } = await check(tests, root);
  expect(problems[0]?.what).toMatch(/^⎯+ Failed Tests 1 [\s\S]*does not hold/);
  expect(notes).toContain('skipped in one.test.ts: a peer that is not installed');
  expect(notes.join()).toMatch(/Tests +1 failed \| 1 passed \| 1 skipped/);
});

it('fails when there is no test at all', async () => {
  const { problems } = await check(tests, fixture({ 'package.json': { type: 'module' } }));
  expect(problems.map(({ what }) => what)).toContain('no test ran');
});
