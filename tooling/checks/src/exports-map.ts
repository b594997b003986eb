import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from './step.ts';
import type { Workspace } from './workspaces.ts';

/** The condition that selects the sources, here and in an application that wants to step through them. */
const SOURCE_CONDITION = '@omemo-kit/source';

type Conditions = Readonly<Record<string, unknown>>;

/** Rules for `exports`: sources first and present, then types before code, and code only from dist. */
export function exportsProblems({ folder, path, manifest }: Workspace): readonly Problem[] {
  const entries = isConditions(manifest.exports) ? manifest.exports : {};
  const fix = 'order of conditions: @omemo-kit/source, (node,) types, default; files below ./src and ./dist';
  const problem = (what: string): Problem => ({ what: `${folder}/package.json exports: ${what}`, fix });
  const problems: Problem[] = [];
  if (!('.' in entries)) problems.push(problem('no "."'));
  if (entries['./package.json'] !== './package.json') problems.push(problem('no "./package.json"'));
  for (const [entry, target] of Object.entries(entries)) {
    if (entry.includes('*')) problems.push(problem(`"${entry}" opens a whole folder`));
    if (entry === './package.json') continue;
    if (!isConditions(target)) problems.push(problem(`"${entry}" has no conditions`));
    else problems.push(...entryProblems(entry, target, path).map(problem));
  }
  return problems;
}

function entryProblems(entry: string, target: Conditions, path: string): readonly string[] {
  const { [SOURCE_CONDITION]: source, ...published } = target;
  const found: string[] = [];
  if (Object.keys(target)[0] !== SOURCE_CONDITION) found.push(`"${entry}" does not begin with ${SOURCE_CONDITION}`);
  for (const file of targets(source)) if (!existsSync(join(path, file))) found.push(`"${entry}": there is no ${file}`);
  for (const file of targets(published))
    if (!file.startsWith('./dist/')) found.push(`"${entry}": ${file} is not below ./dist`);
  return [...found, ...orderProblems(entry, published)];
}

/** In each object of conditions that names a file: types is before it, and default comes last. */
function orderProblems(entry: string, conditions: Conditions): readonly string[] {
  const keys = Object.keys(conditions);
  const files = keys.filter((key) => typeof conditions[key] === 'string');
  const found: string[] = [];
  if (files[0] !== 'types') found.push(`"${entry}": types is not the first file`);
  if (keys.at(-1) !== 'default') found.push(`"${entry}": default is not the last condition`);
  return [
    ...found,
    ...Object.values(conditions)
      .filter(isConditions)
      .flatMap((inner) => orderProblems(entry, inner)),
  ];
}

function targets(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return isConditions(value) ? Object.values(value).flatMap(targets) : [];
}

function isConditions(value: unknown): value is Conditions {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
