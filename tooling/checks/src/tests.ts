import { lastLines } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';

export const tests: Step = {
  name: 'tests',
  title: 'tests (vitest)',
  check: async (run) => {
    const report = await run.tested();
    const problems: Problem[] = [];
    const fix = 'pnpm test FILE runs one file; -t NAME one test';
    if (report.code !== 0) problems.push({ what: lastLines(failures(report.output), 150), fix });
    if (report.tests.length === 0) problems.push({ what: 'no test ran', fix });
    return resultOf(problems, [...skipped(report.tests), ...closingLines(report.output)]);
  },
};

/** What vitest prints from its first failure on: the list of tests before it says nothing more. */
function failures(output: string): string {
  return output.slice(Math.max(0, output.search(/^⎯+ (Failed|Unhandled) /m)));
}

/** Vitest's own count, which would be lost with the rest of its output. */
function closingLines(output: string): readonly string[] {
  return output.split('\n').filter((line) => /^\s*(Test Files|Tests)\s+\d/.test(line));
}

function skipped(all: readonly { file: string; titles: readonly string[]; status: string }[]): readonly string[] {
  const files = Map.groupBy(
    all.filter(({ status }) => status === 'skipped'),
    ({ file }) => file,
  );
  return [...files].map(
    ([file, of]) => `skipped in ${file}: ${[...new Set(of.map(({ titles }) => titles[0]))].join('; ')}`,
  );
}
