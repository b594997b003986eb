import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/** What a run leaves to be read at its end: what was skipped, by name, and the seed when something failed. */
export class RunNotes implements Reporter {
  readonly #seed: number;
  #vitest: Vitest | undefined;

  constructor(seed: number) {
    this.#seed = seed;
  }

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines: string[] = [];
    // With -t everything else is skipped too, and nobody wants to read its name.
    if (this.#vitest?.config.testNamePattern === undefined) lines.push(...skippedLines(modules));
    if (modules.some((module) => !module.ok())) lines.push(`random tests ran with OMEMO_SEED=${this.#seed}`);
    if (lines.length > 0) console.log(`\n${lines.join('\n')}`);
  }
}

function skippedLines(modules: readonly TestModule[]): readonly string[] {
  return modules.flatMap((module) => {
    const titles = new Set([...module.children.allTests('skipped')].map(titleOf));
    return titles.size === 0 ? [] : [`skipped in ${module.relativeModuleId}:`, ...[...titles].map((one) => `  ${one}`)];
  });
}

/** The outermost block that is skipped as a whole, for that is where the reason stands; else the test. */
function titleOf(test: TestCase): string {
  let title = test.fullName;
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) {
    if (isSkipped(parent)) title = parent.fullName;
  }
  return title;
}

function isSkipped(suite: TestSuite): boolean {
  return [...suite.children.allTests()].every((test) => test.result().state === 'skipped');
}
