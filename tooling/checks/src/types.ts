import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, runCommand } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';
import { readWorkspaces } from './workspaces.ts';

/** No cache: types come from the sources of other packages, and all of them together take seconds. */
export const types: Step = {
  name: 'types',
  title: 'types of every package with its tests (tsc)',
  check: async ({ root }) => {
    const problems: Problem[] = [];
    const workspaces = (await readWorkspaces(root)).filter(({ path }) => existsSync(join(path, 'tsconfig.json')));
    for (const { folder, path } of workspaces) {
      const { code, output } = await runCommand('tsc', ['-p', join(path, 'tsconfig.json')], { cwd: root });
      if (code !== 0)
        problems.push({ what: lastLines(output, 40), fix: `tsc -p ${folder}/tsconfig.json shows them all` });
    }
    return resultOf(problems);
  },
};
