import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { lineOf } from './committed-files.ts';

export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
}

/** A node of the syntax tree as the checks see it: a type, a place, and whatever the type brings. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

export interface SourceFile {
  /** Relative to the folder that was asked for, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportedModule[];
  /** Calls `visit` with every node, parents first. */
  walk(visit: (node: SyntaxNode, line: number) => void): void;
}

/** The TypeScript files below `folder`/`part`, parsed; none when the folder is not there. */
export async function readSourceFiles(folder: string, part: 'src' | 'test'): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  if (!existsSync(join(folder, part))) return files;
  for await (const path of glob(`${part}/**/*.ts`, { cwd: folder })) {
    files.push(parseSourceFile(path.replaceAll('\\', '/'), await readFile(join(folder, path), 'utf8')));
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function parseSourceFile(path: string, text: string): SourceFile {
  const { program, module } = parseSync(path, text);
  const at = (start: number, end: number): ImportedModule => ({
    specifier: text.slice(start, end).replace(/^['"`]|['"`]$/g, ''),
    line: lineOf(text, start),
  });
  const reExports = module.staticExports.flatMap((statement) =>
    statement.entries.flatMap(({ moduleRequest }) =>
      moduleRequest ? [at(moduleRequest.start, moduleRequest.end)] : [],
    ),
  );
  const imports = [
    ...module.staticImports.map(({ moduleRequest }) => at(moduleRequest.start, moduleRequest.end)),
    ...module.dynamicImports.map(({ moduleRequest }) => at(moduleRequest.start, moduleRequest.end)),
    ...reExports.filter((one, index) => reExports.findIndex((other) => other.line === one.line) === index),
  ];
  return {
    path,
    text,
    imports,
    walk: (visit) => walkNode(program, (node) => visit(node, lineOf(text, node.start))),
  };
}

function walkNode(value: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walkNode(item, visit);
  } else if (isNode(value)) {
    visit(value);
    for (const child of Object.values(value)) if (typeof child === 'object') walkNode(child, visit);
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}
