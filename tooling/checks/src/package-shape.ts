import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readChangesets } from './changesets.ts';
import { exportsProblems } from './exports-map.ts';
import { type Problem, resultOf, type Step } from './step.ts';
import { isPublished, readWorkspaces, shortName, type Workspace } from './workspaces.ts';

export const packageShape: Step = {
  name: 'shape',
  title: 'shape of every package: manifest, documents, exports',
  check: async ({ root }) => {
    const changesets = await readChangesets(root);
    const license = await readFile(join(root, 'LICENSE'), 'utf8');
    const problems = changesets.malformed.map((file): Problem => ({ what: `${file} is no changeset`, fix: CHANGESET }));
    for (const workspace of await readWorkspaces(root)) {
      if (workspace.kind === 'packages' || (workspace.kind === 'tooling' && isPublished(workspace))) {
        problems.push(...manifestProblems(workspace), ...exportsProblems(workspace));
        problems.push(...(await documentProblems(workspace, license, changesets.packages)));
      } else if (isPublished(workspace)) {
        problems.push({
          what: `${workspace.folder}: not private`,
          fix: '"private": true: an application is not published',
        });
      }
    }
    return resultOf(problems);
  },
};

const CHANGESET = 'pnpm changeset writes what users will read';

/** Each rule: what a package.json must say, as a reader would look for it. */
function manifestProblems(workspace: Workspace): readonly Problem[] {
  const { folder, manifest } = workspace;
  const scripts = Object.keys(manifest.scripts ?? {});
  const rules: readonly (readonly [boolean, string])[] = [
    [manifest.name === `@omemo-kit/${shortName(workspace)}`, `"name": "@omemo-kit/${shortName(workspace)}"`],
    [isPublished(workspace), 'no "private": it is published'],
    [(manifest.description ?? '') !== '', '"description"'],
    [(manifest.keywords ?? []).length > 0, '"keywords"'],
    [manifest.license === 'MIT', '"license": "MIT"'],
    [manifest.type === 'module', '"type": "module"'],
    [manifest.sideEffects === false, '"sideEffects": false'],
    [/^>=\d+/.test(manifest.engines?.['node'] ?? ''), '"engines": { "node": ">=22" }'],
    [manifest.repository?.directory === folder, `"repository": { …, "directory": "${folder}" }`],
    [String(manifest.files) === 'dist,src', '"files": ["dist", "src"]'],
    [scripts.includes('build') && scripts.includes('types'), 'the scripts "build" and "types"'],
    [
      !scripts.some((name) => name !== 'prepack' && /^(pre|post)?(install|prepare|pack|publish)/.test(name)),
      'no script that runs on install or publish',
    ],
    // Or a tarball packed in a fresh checkout would have no code in it, without a word.
    [manifest.scripts?.['prepack'] === 'pnpm run build', 'the script "prepack": "pnpm run build"'],
    [dependenciesSay(workspace), 'ranges in `dependencies`: "workspace:^" for ours, "catalog:runtime" for others'],
  ];
  return rules
    .filter(([holds]) => !holds)
    .map(([, wanted]) => ({
      what: `${folder}/package.json lacks: ${wanted}`,
      fix: 'take another package as the pattern',
    }));
}

function dependenciesSay({ manifest }: Workspace): boolean {
  const ours = ([name]: readonly [string, string]) => name.startsWith('@omemo-kit/');
  const dependencies = Object.entries(manifest.dependencies ?? {});
  const peers = Object.entries(manifest.peerDependencies ?? {});
  return (
    [...dependencies, ...peers].filter(ours).every(([, range]) => range === 'workspace:^') &&
    dependencies.filter((entry) => !ours(entry)).every(([, range]) => range === 'catalog:runtime')
  );
}

async function documentProblems(
  workspace: Workspace,
  license: string,
  pending: ReadonlySet<string>,
): Promise<readonly Problem[]> {
  const { folder, path, manifest } = workspace;
  const name = manifest.name ?? '';
  const text = (file: string) => readFile(join(path, file), 'utf8').catch(() => '');
  const problems: Problem[] = [];
  if (!(await text('README.md')).includes(name))
    problems.push({
      what: `${folder}: no README.md that names the package`,
      fix: 'what it is, an example that runs, its errors and limits',
    });
  if ((await text('LICENSE')) !== license)
    problems.push({ what: `${folder}: LICENSE is not that of the repository`, fix: 'copy the LICENSE of the root' });
  if (!existsSync(join(path, 'CHANGELOG.md')) && !pending.has(name))
    problems.push({
      what: `${folder}: neither CHANGELOG.md nor a changeset`,
      fix: CHANGESET,
    });
  return problems;
}
