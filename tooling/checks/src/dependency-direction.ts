import { posix } from 'node:path';
import { type ImportedModule, readSourceFiles } from './source-file.ts';
import { type Problem, resultOf, type Step } from './step.ts';
import { isPublished, readWorkspaces, shortName, type Workspace } from './workspaces.ts';

/** What each package may stand on. A new package is entered here before anything imports it. */
const MAY_DEPEND_ON: readonly (readonly [name: RegExp, on: readonly string[]])[] = [
  [/^primitives$/, []],
  [/^(x3dh|double-ratchet)$/, ['primitives']],
  [/^omemo-wire$/, []],
  [/^omemo-core$/, ['primitives', 'x3dh', 'double-ratchet', 'omemo-wire']],
  // It seals what the store below keeps, and primitives is the gate to all cryptography.
  [/^storage-encrypted$/, ['omemo-core', 'primitives']],
  // It writes stanzas, compares addresses, and names capabilities by a hash.
  [/^transport-stanzas$/, ['omemo-core', 'omemo-wire', 'primitives']],
  // One XMPP library each, on what is the same for all of them.
  [/^transport-[a-z0-9]+$/, ['omemo-core', 'transport-stanzas']],
  [/^storage-[a-z0-9]+$/, ['omemo-core']],
  [/^store-conformance$/, ['omemo-core']],
];

const FIX =
  'ARCHITECTURE.md draws who may depend on whom; what two leaves share belongs below both, or to each of them';

export const dependencyDirection: Step = {
  name: 'direction',
  title: 'direction of dependency between packages, no deep imports',
  check: async ({ root }) => {
    const workspaces = await readWorkspaces(root);
    const problems: Problem[] = [];
    for (const workspace of workspaces) {
      problems.push(...declaredProblems(workspace), ...(await importProblems(workspace, workspaces)));
    }
    return resultOf(problems);
  },
};

function declaredProblems(workspace: Workspace): readonly Problem[] {
  if (!isPublished(workspace)) return [];
  const name = shortName(workspace);
  const allowed = MAY_DEPEND_ON.find(([pattern]) => pattern.test(name))?.[1];
  if (allowed === undefined) {
    return [
      {
        what: `${workspace.folder} has no layer`,
        fix: 'enter it in tooling/checks/src/dependency-direction.ts and ARCHITECTURE.md',
      },
    ];
  }
  const { dependencies, peerDependencies, optionalDependencies } = workspace.manifest;
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
    .filter(
      (dependency) => dependency.startsWith('@omemo-kit/') && !allowed.includes(dependency.slice('@omemo-kit/'.length)),
    )
    .map((dependency) => ({ what: `${workspace.folder} depends on ${dependency}`, fix: FIX }));
}

async function importProblems(workspace: Workspace, workspaces: readonly Workspace[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const part of ['src', 'test'] as const) {
    for (const file of await readSourceFiles(workspace.path, part)) {
      for (const imported of file.imports) {
        const where = `${workspace.folder}/${file.path}:${imported.line}`;
        const problem =
          relativeProblem(file.path, imported, part) ?? packageProblem(imported, workspace, workspaces, part);
        if (problem) problems.push({ ...problem, what: `${where}: ${problem.what}` });
      }
    }
  }
  return problems;
}

/** A relative import stays inside the package, and from src inside src: the rest is not packed. */
function relativeProblem(from: string, { specifier }: ImportedModule, part: 'src' | 'test'): Problem | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(from), specifier);
  const left = target.startsWith('..') || (part === 'src' && !target.startsWith('src/') && target !== 'package.json');
  return left ? { what: `${specifier} leaves the package`, fix: 'import another package by its name' } : undefined;
}

/** A package is imported through its `exports`, and by src only when it is in `dependencies`. */
function packageProblem(
  { specifier }: ImportedModule,
  { manifest }: Workspace,
  workspaces: readonly Workspace[],
  part: 'src' | 'test',
): Problem | undefined {
  const name = /^@omemo-kit\/[^/]+/.exec(specifier)?.[0];
  if (name === undefined) return undefined;
  const target = workspaces.find((workspace) => workspace.manifest.name === name);
  const entries = Object.keys(target?.manifest.exports ?? {});
  if (!entries.includes(`.${specifier.slice(name.length)}`)) {
    return { what: `${specifier} is not in the exports of ${name}`, fix: 'export it there, or do without it' };
  }
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...(part === 'test' ? manifest.devDependencies : {}),
  };
  if (name !== manifest.name && !(name in declared)) {
    return {
      what: `${name} is not in the dependencies of this package`,
      fix: 'add it to package.json, when the direction allows it',
    };
  }
  return undefined;
}
