import { runCommand } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';

/** Where being used by tests alone is no use: tooling is there for the tests. */
const IN_USE = / (packages|apps)\//;

/**
 * Knip reads the whole tree twice: with the tests, and as an application sees it. What the second reading adds is used by tests alone.
 * Knip parses with oxc, not with the TypeScript API, so the native TypeScript 7 does not matter to it.
 */
export const unusedCode: Step = {
  name: 'unused',
  title: 'unused files, exports and dependencies (knip)',
  check: async ({ root }) => {
    const everywhere = await knipFindings(root, []);
    const shipped = await knipFindings(root, ['--production', '--include=files,exports,types,dependencies']);
    const testsAlone = shipped.filter((finding) => IN_USE.test(finding) && !everywhere.includes(finding));
    return resultOf([
      ...everywhere.map((finding) => unused(`unused ${finding}`)),
      ...testsAlone.map((finding) => unused(`used by tests alone: ${finding}`)),
    ]);
  },
};

function unused(what: string): Problem {
  return { what, fix: 'delete it, stop exporting it, or add the entry point that knip.json does not know' };
}

type KnipIssues = readonly Readonly<Record<string, unknown>>[];

async function knipFindings(root: string, flags: readonly string[]): Promise<readonly string[]> {
  const { stdout, output } = await runCommand('knip', ['--reporter=json', '--no-config-hints', ...flags], {
    cwd: root,
  });
  const issues: KnipIssues | undefined = stdout.trimStart().startsWith('{') ? JSON.parse(stdout).issues : undefined;
  return issues === undefined ? [`code could not be looked for: ${output.trim()}`] : issues.flatMap(findingsOf);
}

/** One line a finding: `exports decodeY in packages/primitives/src/edwards-points.ts`. */
function findingsOf(issue: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(issue).flatMap(([kind, found]) =>
    Array.isArray(found)
      ? found
          .flat()
          .map(({ name }: { name: string }) =>
            kind === 'files' ? `file ${name}` : `${kind} ${name} in ${issue['file']}`,
          )
      : [],
  );
}
