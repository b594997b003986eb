import type { PackedPackage } from './packed-packages.ts';
import { packedStep } from './packed-step.ts';
import { lastLines, runCommand } from './run-command.ts';
import type { Problem, Step } from './step.ts';

export const publishedTypes: Step = packedStep(
  'attw',
  'types of the packed packages as other projects resolve them (attw)',
  attwProblems,
);

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
