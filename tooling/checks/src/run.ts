import { buildPackages } from './build.ts';
import { packPackages } from './packed-packages.ts';
import { withScratchFolder } from './scratch-folder.ts';
import type { Run } from './step.ts';
import { listTests, runTests, type TestReport } from './test-report.ts';

/** Calls `use` with a fresh run; what it packed is gone afterwards. */
export function withRun<T>(root: string, use: (run: Run) => Promise<T>): Promise<T> {
  return withScratchFolder(root, 'verify', (scratch) => {
    const built = once(() => buildPackages(root));
    let tests: Promise<TestReport> | undefined;
    return use({
      root,
      built,
      packed: once(async () => {
        await built();
        return packPackages(root, scratch);
      }),
      tested: () => {
        tests ??= runTests(root);
        return tests;
      },
      testTitles: async () => (tests === undefined ? listTests(root) : (await tests).tests),
    });
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
