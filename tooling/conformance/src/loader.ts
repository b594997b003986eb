import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A vector file that was found; `x.json.gz` goes by the name of `x.json`, which it holds. */
export interface VectorFile {
  /** Absolute, without `.gz`. */
  readonly path: string;
  /** Below the directory that was asked for, with `/`. */
  readonly name: string;
  /** The bytes of the JSON text. Rejects when the file cannot be read or unpacked. */
  read(): Promise<Uint8Array>;
}

/** Every `*.json` and `*.json.gz` at or below an absolute directory, in order of name, but no index. */
export async function findVectorFiles(root: string): Promise<VectorFile[]> {
  const paths = await filesBelow(root, (name) => /\.json(?:\.gz)?$/.test(name) && name !== INDEX_NAME);
  return paths.map((found) => {
    const packed = found.endsWith('.gz');
    const path = packed ? found.slice(0, -'.gz'.length) : found;
    return {
      path,
      name: relative(root, path).split(sep).join('/'),
      read: async () => (packed ? gunzipSync(await readFile(found)) : readFile(found)),
    };
  });
}

/** Name of the file that lists vectors with their hashes and counts. */
export const INDEX_NAME = 'INDEX.json';

/** Absolute paths of the files at or below a directory whose name is wanted. */
export async function filesBelow(directory: string, wanted: (name: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const path = join(directory, name);
    if ((await stat(path)).isDirectory()) found.push(...(await filesBelow(path, wanted)));
    else if (wanted(name)) found.push(path);
  }
  return found;
}
