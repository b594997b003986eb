import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, lastLines, runPnpm } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';
import { readPublished } from './workspaces.ts';

export const build: Step = {
  name: 'build',
  title: 'build of every package into dist (tsc)',
  check: async (run) => {
    const { code, output } = await run.built();
    const problems: Problem[] = [];
    if (code !== 0) problems.push({ what: lastLines(output, 60), fix: 'pnpm build shows them all' });
    for (const { folder, path, manifest } of await readPublished(run.root)) {
      const fix = 'tsconfig.build.json emits src into dist: rootDir src, outDir dist';
      if (manifest.scripts?.['build'] && !existsSync(join(path, 'dist', 'index.js')))
        problems.push({ what: `${folder}: the build made no dist/index.js`, fix });
    }
    return resultOf(problems);
  },
};

/**
 * Builds from nothing and past turbo's cache: what is packed afterwards was compiled just now, and no file of an earlier build stays.
 * A package that fails does not keep others from building.
 */
export async function buildPackages(root: string): Promise<CommandResult> {
  for (const { path } of await readPublished(root)) await rm(join(path, 'dist'), { recursive: true, force: true });
  return runPnpm(
    ['--filter-prod', './packages/*', '--filter-prod', './tooling/*', '--no-bail', '--if-present', 'run', 'build'],
    { cwd: root },
  );
}
