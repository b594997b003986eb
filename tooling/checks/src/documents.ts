import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { committedFiles } from './committed-files.ts';
import { gapsIn, readCoverage } from './coverage-rows.ts';
import { type Citation, citationsOf } from './document-citations.ts';
import { type Problem, type Run, resultOf, type Step } from './step.ts';
import type { ReportedTest } from './test-report.ts';

export const documents: Step = {
  name: 'documents',
  title: 'what the documents cite: files, links, tests',
  check: async (run) => {
    const files = await committedFiles(run.root);
    const problems = await danglingNames(run.root, files);
    const cited: { document: string; citation: Citation; file: string }[] = [];
    for (const document of files.filter((path) => path.endsWith('.md') && !path.endsWith('CHANGELOG.md'))) {
      for (const citation of citationsOf(await readFile(join(run.root, document), 'utf8'))) {
        const file = citedFile(run.root, document, citation.path);
        if (file === undefined)
          problems.push({ what: `${document}:${citation.line}: there is no ${citation.path}`, fix: FIX });
        else if (citation.titles.length > 0) cited.push({ document, citation, file });
      }
    }
    const gaps = files.includes('THREAT-MODEL.md') ? gapsIn(await readCoverage(run.root)) : [];
    problems.push(
      ...gaps.map((what) => ({
        what,
        fix: 'every row is listed once, with its source and the test that fails without it',
      })),
    );
    return resultOf([...problems, ...(await titleProblems(run, cited))], [`${cited.length} citations of tests`]);
  },
};

const FIX = 'documents change with what they describe';

/** A path is read from the root, from the document, or from the sources or tests beside the document. */
function citedFile(root: string, document: string, path: string): string | undefined {
  const from = ['.', dirname(document), join(dirname(document), 'src'), join(dirname(document), 'test')];
  return from
    .map((folder) => normalize(join(folder, path)).replaceAll('\\', '/'))
    .find((file) => existsSync(join(root, file)));
}

async function titleProblems(
  run: Run,
  cited: readonly { document: string; citation: Citation; file: string }[],
): Promise<readonly Problem[]> {
  if (cited.length === 0) return [];
  const known = Map.groupBy(await run.testTitles(), ({ file }) => file);
  return cited.flatMap(({ document, citation, file }) =>
    citation.titles
      .filter((title) => !(known.get(file) ?? []).some((test) => bears(test, title)))
      .map((title) => ({ what: `${document}:${citation.line}: ${file} has no test “${title}”`, fix: FIX })),
  );
}

/** Whether the words of a citation are titles of the test or of what encloses it. */
function bears(test: ReportedTest, cited: string): boolean {
  return cited.split(/\s+[›>]\s+/).every((part) => test.titles.includes(part));
}

/** Names of documents in sources and texts that lead a reader nowhere. */
async function danglingNames(root: string, files: readonly string[]): Promise<Problem[]> {
  const known = new Set(files.map((path) => basename(path)));
  const problems: Problem[] = [];
  for (const path of files.filter(
    (file) => /\.(ts|md|ya?ml)$|^\.ci\//.test(file) && !file.startsWith('tooling/checks/test/'),
  )) {
    const lines = (await readFile(join(root, path), 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      for (const name of new Set(line.replaceAll(/\S+:\/\/\S+/g, '').match(/[\w-]+\.md\b/g))) {
        if (!known.has(name) && name !== 'CHANGELOG.md' && name !== 'README.md')
          problems.push({
            what: `${path}:${index + 1}: names ${name}`,
            fix: 'name only documents that the repository has',
          });
      }
    }
  }
  return problems;
}
