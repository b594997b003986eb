import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runCommand } from './run-command.ts';
import { withScratchFolder } from './scratch-folder.ts';

export interface ReportedTest {
  /** Relative to the root. */
  readonly file: string;
  /** Titles from the outermost describe to the test. */
  readonly titles: readonly string[];
  readonly status: 'passed' | 'failed' | 'skipped' | 'not run';
}

export interface TestReport {
  readonly code: number;
  readonly output: string;
  readonly tests: readonly ReportedTest[];
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { ancestorTitles: readonly string[]; title: string; status: string }[];
  }[];
}

export interface TestSelection {
  /** From the root; every test file when left out. */
  readonly files?: readonly string[];
  /** Titles of which a test, or what encloses it, has one; every test when left out. */
  readonly titles?: readonly string[] | undefined;
}

/** Runs every test once, the way `pnpm test` does, or some of them. */
export function runTests(root: string, { files = [], titles }: TestSelection = {}): Promise<TestReport> {
  return withScratchFolder(root, 'tests', async (scratch) => {
    const file = join(scratch, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const selection = titles === undefined ? [] : ['-t', titles.map(pattern).join('|')];
    const { code, output } = await runCommand('vitest', ['run', ...files, ...selection, ...reporters], {
      cwd: root,
      timeoutSeconds: 1200,
    });
    const json: JsonReport = JSON.parse(await readFile(file, 'utf8').catch(() => '{"testResults":[]}'));
    return { code, output, tests: reportedTests(json, root) };
  });
}

/** Every test by name, without running any; files are run, since a suite from another package cannot be read out of their text. */
export async function listTests(root: string): Promise<readonly ReportedTest[]> {
  const { stdout, output } = await runCommand('vitest', ['list', '--json', '--staticParse=false'], { cwd: root });
  if (!stdout.trimStart().startsWith('[')) throw new Error(`vitest list failed: ${output}`);
  const listed: readonly { name: string; file: string }[] = JSON.parse(stdout);
  return listed.map(({ name, file }) => ({ file: pathFrom(root, file), titles: name.split(' > '), status: 'not run' }));
}

/** Titles of nested suites stand one after the other in the name that vitest matches. */
function pattern(title: string): string {
  return title
    .split(/\s+[›>]\s+/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join(' ');
}

function reportedTests(json: JsonReport, root: string): readonly ReportedTest[] {
  return json.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file: pathFrom(root, name),
      titles: [...ancestorTitles, title],
      status: statusOf(status),
    })),
  );
}

function statusOf(status: string): ReportedTest['status'] {
  return status === 'passed' || status === 'failed' ? status : 'skipped';
}

function pathFrom(root: string, file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}
