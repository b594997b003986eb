import type { PackedPackage } from './packed-packages.ts';
import { type Problem, resultOf, type Step } from './step.ts';

/** A step that looks at each packed package by itself. */
export function packedStep(
  name: string,
  title: string,
  problemsOf: (one: PackedPackage) => Promise<readonly Problem[]>,
): Step {
  return {
    name,
    title,
    check: async (run) => {
      const problems: Problem[] = [];
      for (const one of await run.packed()) problems.push(...(await problemsOf(one)));
      return resultOf(problems);
    },
  };
}
