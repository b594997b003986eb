import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/** Paths, relative to the root, of what git has or would take: a file that is ignored is not the repository's. */
export async function committedFiles(root: string): Promise<readonly string[]> {
  const listing = await runCommand('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  return [...new Set(listing.stdout.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path))).sort();
}

/** The text of a file, or undefined for one that holds binary data. */
export async function textOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}

/** Line of an offset, counted from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
