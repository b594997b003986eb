import { isNode, readSourceFiles, type SourceFile, type SyntaxNode } from './source-file.ts';
import { type Problem, resultOf, type Step } from './step.ts';
import { readPublished, readWorkspaces } from './workspaces.ts';

/** Past this many lines a file is asked what it is about. */
const LONG_FILE = 300;

interface SourceRule {
  readonly finds: (node: SyntaxNode, file: SourceFile) => boolean;
  readonly what: string;
  readonly fix: string;
}

const RULES: readonly SourceRule[] = [
  {
    finds: (node) => isMember(node, 'Math', 'random'),
    what: 'Math.random',
    fix: 'randomness is an argument, or randomBytes of primitives',
  },
  { finds: (node) => isMember(node, 'console'), what: 'console', fix: 'a library returns or throws what it knows' },
  { finds: throwsBareError, what: 'throw new Error(', fix: 'throw the error class of the package, with a code' },
  {
    finds: (node, file) => isName(node, 'Buffer') && !usesNode(file),
    what: 'Buffer',
    fix: 'Uint8Array everywhere but in the Node provider of primitives',
  },
  {
    finds: loadsMainEntryOfLtx,
    what: 'a value of ltx',
    fix: '`import type` from ltx, and values from ltx/src/Element.js: the main entry loads `events`, which browsers lack',
  },
];

export const sourceRules: Step = {
  name: 'source',
  title: 'rules of the sources that are published',
  check: async ({ root }) => {
    const problems: Problem[] = [];
    for (const { folder, path } of await readPublished(root)) {
      for (const file of await readSourceFiles(path, 'src')) problems.push(...fileProblems(folder, file));
    }
    return resultOf(problems, await longFiles(root));
  },
};

export function fileProblems(folder: string, file: SourceFile): readonly Problem[] {
  const problems: Problem[] = [];
  const report = (line: number, what: string, fix: string) =>
    problems.push({ what: `${folder}/${file.path}:${line}: ${what}`, fix });
  file.walk((node, line) => {
    for (const { finds, what, fix } of RULES) if (finds(node, file)) report(line, what, fix);
  });
  for (const { specifier, line } of file.imports) {
    if (!mayImport(folder, specifier))
      report(
        line,
        `imports ${specifier}`,
        'primitives is the one gate to noble and Node: what is missing is added there',
      );
  }
  if (/(^|\/)(common|utils?|helpers?|misc)(\.ts|\/)/.test(file.path))
    report(1, 'a name that says nothing', 'name the file after the one thing that it holds');
  return problems;
}

/** noble and Node's modules have one gate; a database driver that Node brings along is the store's own. */
function mayImport(folder: string, specifier: string): boolean {
  if (folder === 'packages/primitives' || !/^(node:|@noble\/)/.test(specifier)) return true;
  return folder === 'packages/storage-sqlite' && specifier === 'node:sqlite';
}

async function longFiles(root: string): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const { folder, path } of await readWorkspaces(root)) {
    for (const file of await readSourceFiles(path, 'src')) {
      const lines = file.text.split('\n').length;
      if (lines > LONG_FILE) notes.push(`${folder}/${file.path} has ${lines} lines: is it one concept?`);
    }
  }
  return notes;
}

function throwsBareError(node: SyntaxNode): boolean {
  const { argument } = node;
  if (node.type !== 'ThrowStatement' || !isNode(argument)) return false;
  return (
    (argument.type === 'NewExpression' || argument.type === 'CallExpression') && isName(argument['callee'], 'Error')
  );
}

/** Also an import of types only by its names: it stays in the compiled file, without names. */
function loadsMainEntryOfLtx(node: SyntaxNode): boolean {
  const { source } = node;
  if (!isNode(source) || source['value'] !== 'ltx' || node.type === 'TSImportType') return false;
  return node['importKind'] !== 'type' && node['exportKind'] !== 'type';
}

function isMember(node: SyntaxNode, object: string, property?: string): boolean {
  if (node.type !== 'MemberExpression' || !isName(node['object'], object)) return false;
  return property === undefined || isName(node['property'], property);
}

function isName(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node['name'] === name;
}

/** The Node provider: the only kind of file that may meet a Buffer, and where it stops. */
function usesNode(file: SourceFile): boolean {
  return file.imports.some(({ specifier }) => specifier.startsWith('node:'));
}
