import type { CoverageRow } from '@omemo-kit/checks/coverage-rows';
import { runTests } from '@omemo-kit/checks/test-report';
import type { Mutant } from './mutant.ts';
import type { TreeCopy } from './tree-copy.ts';

/** What became of a broken rule. */
export type Verdict =
  | { readonly kind: 'noticed'; readonly failed: readonly string[] }
  | { readonly kind: 'survived' }
  /** No test ran: the broken code does not even load, or the row cites none. */
  | { readonly kind: 'unclear'; readonly why: string };

/** Runs the tests that the document cites for the mutant's row, while the rule is taken out. */
export async function verdictOn(copy: TreeCopy, mutant: Mutant, row: CoverageRow): Promise<Verdict> {
  const files = [...new Set(row.tests.map(({ path }) => path))];
  if (files.length === 0) return { kind: 'unclear', why: 'no test is cited' };
  const titles = row.tests.flatMap((citation) => citation.titles);
  // Where a file is cited as a whole, any of its tests may notice.
  const only = row.tests.every((citation) => citation.titles.length > 0) ? titles : undefined;
  const report = await copy.without(mutant, () => runTests(copy.path, { files, titles: only }));
  const ran = report.tests.filter(({ status }) => status === 'passed' || status === 'failed');
  if (ran.length === 0) return { kind: 'unclear', why: report.output.split('\n').slice(-12).join('\n') };
  const failed = ran
    .filter(({ status }) => status === 'failed')
    .map((test) => `${test.file} › ${test.titles.join(' › ')}`);
  return failed.length > 0 ? { kind: 'noticed', failed } : { kind: 'survived' };
}
