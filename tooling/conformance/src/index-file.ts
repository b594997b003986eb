import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Comparison } from './comparison.ts';
import type { Counts } from './kind.ts';
import { filesBelow, INDEX_NAME } from './loader.ts';
import { parseJson } from './parse-json.ts';
import type { Recorded } from './recorded.ts';

/** One file that an index promises. */
export interface IndexEntry {
  /** The index. */
  readonly indexPath: string;
  /** Absolute path of the file. */
  readonly path: string;
  /** As the index names it. */
  readonly name: string;
  readonly entry: Recorded;
}

/** What a run has seen of one file. */
export interface SeenFile {
  readonly bytes: Uint8Array;
  /** Missing when the file was not understood. */
  readonly counts: Counts | undefined;
}

/** Paths of the indexes that can speak of `root`: those below it and the nearest one in it or above. */
export async function findIndexes(root: string): Promise<string[]> {
  const below = await filesBelow(root, (name) => name === INDEX_NAME);
  for (let directory = root; ; directory = dirname(directory)) {
    const path = join(directory, INDEX_NAME);
    if (await exists(path)) return [...new Set([path, ...below])];
    if (dirname(directory) === directory) return below;
  }
}

/** The files at or below `root` that an index lists. */
export async function readIndex(indexPath: string, root: string): Promise<IndexEntry[]> {
  const entries = parseJson(await readFile(indexPath))
    .get('files')
    .items()
    .map((entry) => {
      const name = entry.get('name').text();
      return { indexPath, name, path: join(dirname(indexPath), name), entry };
    });
  return entries.filter(({ path }) => !relative(root, path).split(sep).includes('..'));
}

/** Compares a listed file with what was found and replayed: hash, length and every count. */
export function compareWithIndex(compare: Comparison, { entry }: IndexEntry, seen: SeenFile | undefined): void {
  if (seen === undefined) {
    compare.differ('is listed and not there');
    return;
  }
  compare.value('sha256', createHash('sha256').update(seen.bytes).digest('hex'), entry.get('sha256').text());
  for (const name of entry.names()) {
    if (name === 'bytes') compare.value('length', seen.bytes.length, entry.get(name).count());
    else if (!NO_COUNTS.includes(name)) compare.value(`count ${name}`, seen.counts?.[name], entry.get(name).count());
  }
}

const NO_COUNTS = ['name', 'sha256', 'kind'];

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
