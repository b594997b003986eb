import type { Problem, Step, StepResult } from './step.ts';

/** Problems of one kind beyond this many are counted, not printed. */
const SHOWN = 40;

/** The lines that tell one step's outcome. */
export function reportStep({ name, title }: Step, { problems, notes }: StepResult, seconds: number): readonly string[] {
  const mark = problems.length === 0 ? 'ok  ' : 'FAIL';
  const lines = [`${mark} ${name.padEnd(14)}${title}  (${seconds.toFixed(1)} s)`];
  for (const note of notes) lines.push(`       ${note.trim()}`);
  for (const [fix, group] of Map.groupBy(problems, (problem) => problem.fix)) {
    lines.push(...group.slice(0, SHOWN).flatMap(linesOf));
    if (group.length > SHOWN) lines.push(`     … and ${group.length - SHOWN} more`);
    lines.push(`     > ${fix}`);
  }
  return lines;
}

/** The closing lines: which steps failed, and how to run one of them alone. */
export function reportEnd(passed: readonly Step[], failed: readonly Step[]): readonly string[] {
  const lines = failed.map(({ name }) => `failed: ${name}  (again alone: pnpm verify --only ${name})`);
  return [...lines, `verify: ${passed.length} passed, ${failed.length} failed`];
}

function linesOf({ what }: Problem): readonly string[] {
  const [first, ...others] = what.split('\n');
  return [`     - ${first}`, ...others.map((line) => `       ${line}`)];
}
