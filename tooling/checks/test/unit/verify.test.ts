import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportEnd, reportStep } from '../../src/report.ts';
import { runCommand, toolsRoot } from '../../src/run-command.ts';
import { resultOf, type Step } from '../../src/step.ts';
import { steps } from '../../src/steps.ts';

const one: Step = { name: 'one', title: 'the first', check: async () => resultOf([]) };
const two: Step = { name: 'two', title: 'the second', check: async () => resultOf([]) };

function verify(...args: readonly string[]) {
  return runCommand(process.execPath, [join(toolsRoot, 'tooling/checks/src/verify.ts'), ...args], { cwd: toolsRoot });
}

describe('the report', () => {
  it('says of a step what is wrong and, once for a kind, what to do', () => {
    const result = resultOf(
      [
        { what: 'a', fix: 'mend' },
        { what: 'b', fix: 'mend' },
      ],
      ['noted'],
    );
    expect(reportStep(one, result, 1.26)).toEqual([
      'FAIL one           the first  (1.3 s)',
      '       noted',
      '     - a',
      '     - b',
      '     > mend',
    ]);
  });

  it('ends with the failed steps and the count', () => {
    expect(reportEnd([one], [two])).toEqual([
      'failed: two  (again alone: pnpm verify --only two)',
      'verify: 1 passed, 1 failed',
    ]);
  });
});

describe('verify', () => {
  it('runs one step with --only', async () => {
    const { output } = await verify('--only', 'direction');
    expect(output).toMatch(/^(ok {2}|FAIL) direction/);
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^verify: \d passed, \d failed$/);
  });

  it('refuses a step that it does not have', async () => {
    const { code, output } = await verify('--only', 'everything');
    expect(code).toBe(2);
    expect(output).toContain('no step everything');
  });

  it('has no two steps of one name', () => {
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  });
});
