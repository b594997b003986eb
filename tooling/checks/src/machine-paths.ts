import { join } from 'node:path';
import { committedFiles, textOf } from './committed-files.ts';
import { machineWords } from './machine-words.ts';
import { type Problem, resultOf, type Step } from './step.ts';

/** What looks beside the checkout for data that the repository cannot carry: CI, and the one file of a package's tests that finds it. */
const LOOKS_BESIDE = /^\.ci\/run$|\/test\/(.*\/)?corp(us|ora)[\w-]*\.ts$/;
/** Lists the words it looks for. */
const THE_LIST = 'tooling/checks/src/machine-words.ts';

export const machinePaths: Step = {
  name: 'machine-paths',
  title: 'no path or name of one machine in any file',
  check: async ({ root }) => {
    const problems: Problem[] = [];
    for (const path of await committedFiles(root)) {
      if (LOOKS_BESIDE.test(path) || path === THE_LIST) continue;
      const text = await textOf(join(root, path));
      for (const word of machineWords(text ?? '')) {
        const fix =
          'use a path relative to the file, os.tmpdir() or an environment variable; name only what a reader has';
        problems.push({ what: `${path}:${word.line}: ${word.text}`, fix });
      }
    }
    return resultOf(problems);
  },
};
