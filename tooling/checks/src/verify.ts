import { parseArgs } from 'node:util';
import { reportEnd, reportStep } from './report.ts';
import { withRun } from './run.ts';
import { toolsRoot } from './run-command.ts';
import { type Run, resultOf, type Step, type StepResult } from './step.ts';
import { steps } from './steps.ts';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const chosen = steps.filter(({ name }) => values.only === undefined || values.only.includes(name));
const unknown = (values.only ?? []).filter((only) => !steps.some(({ name }) => name === only));

if (unknown.length > 0) {
  console.error(`no step ${unknown.join(', ')}; there are: ${steps.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
} else {
  const failed: Step[] = [];
  await withRun(toolsRoot, async (run) => {
    for (const step of chosen) if (!(await passes(step, run))) failed.push(step);
  });
  for (const line of reportEnd(
    chosen.filter((step) => !failed.includes(step)),
    failed,
  ))
    console.log(line);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

async function passes(step: Step, run: Run): Promise<boolean> {
  const started = performance.now();
  const result = await step.check(run).catch(broken);
  for (const line of reportStep(step, result, (performance.now() - started) / 1000)) console.log(line);
  return result.problems.length === 0;
}

/** A check that cannot do its work has not passed. */
function broken(error: unknown): StepResult {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return resultOf([{ what, fix: 'the check itself broke: mend it in tooling/checks' }]);
}
