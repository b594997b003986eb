import type { PackedPackage } from './packed-packages.ts';
import { lastLines, runCommand } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';

export const publishedTypes: Step = {
  name: 'attw',
  title: 'types of the packed packages as other projects resolve them (attw)',
  check: async (run) => {
    const problems: Problem[] = [];
    for (const one of await run.packed()) problems.push(...(await attwProblems(one)));
    return resultOf(problems);
  },
};

/** The packages are ESM only: `require` and the resolution of old TypeScript are left out by the profile. */
export async function attwProblems({ workspace, tarball }: PackedPackage): Promise<readonly Problem[]> {
  const flags = ['--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji', '--no-definitely-typed'];
  const { code, output } = await runCommand('attw', [tarball, ...flags], { cwd: workspace.path });
  if (code === 0) return [];
  return [
    {
      what: `${workspace.folder}:\n${lastLines(output, 60)}`,
      fix: 'each `exports` target needs its own .d.ts beside it',
    },
  ];
}
