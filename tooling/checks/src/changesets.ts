import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FRONT_MATTER = /^---\n(.*?)---\n/s;
const BUMP = /^(['"])(.+)\1: (?:major|minor|patch)$/;

export interface PendingChangesets {
  /** Packages that the next release bumps. */
  readonly packages: ReadonlySet<string>;
  /** Files that the release would stumble over. */
  readonly malformed: readonly string[];
}

/** What waits in .changeset for a release. */
export async function readChangesets(root: string): Promise<PendingChangesets> {
  const folder = join(root, '.changeset');
  const packages = new Set<string>();
  const malformed: string[] = [];
  for (const file of existsSync(folder) ? await readdir(folder) : []) {
    if (!file.endsWith('.md') || file === 'README.md') continue;
    const front = FRONT_MATTER.exec(await readFile(join(folder, file), 'utf8'))?.[1];
    const bumps = front?.split('\n').filter((line) => line !== '') ?? [''];
    if (!bumps.every((line) => BUMP.test(line))) malformed.push(`.changeset/${file}`);
    for (const line of bumps) packages.add(BUMP.exec(line)?.[2] ?? '');
  }
  return { packages, malformed };
}
