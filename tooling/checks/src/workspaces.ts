import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Dependencies = Readonly<Record<string, string>>;

/** The parts of a package.json that the checks read. Nothing is promised about what a hand has written there. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly keywords?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: { readonly url?: string; readonly directory?: string };
  readonly exports?: unknown;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
}

export interface Workspace {
  /** Relative to the root, with slashes: `packages/x3dh`. */
  readonly folder: string;
  readonly path: string;
  readonly kind: 'packages' | 'apps' | 'tooling';
  readonly manifest: Manifest;
}

/** Every workspace package of the checkout, in the order of its folder. */
export async function readWorkspaces(root: string): Promise<readonly Workspace[]> {
  const found: Workspace[] = [];
  for (const kind of ['packages', 'apps', 'tooling'] as const) {
    if (!existsSync(join(root, kind))) continue;
    for (const entry of (await readdir(join(root, kind))).sort()) {
      const path = join(root, kind, entry);
      if (!existsSync(join(path, 'package.json'))) continue;
      const manifest: Manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
      found.push({ folder: `${kind}/${entry}`, path, kind, manifest });
    }
  }
  return found;
}

/** What npm gets. */
export async function readPublished(root: string): Promise<readonly Workspace[]> {
  return (await readWorkspaces(root)).filter(isPublished);
}

export function isPublished({ manifest }: Workspace): boolean {
  return manifest.private !== true;
}

/** The short name that the layers are drawn with: `packages/x3dh` is `x3dh`. */
export function shortName(workspace: Workspace): string {
  return workspace.folder.slice(workspace.folder.indexOf('/') + 1);
}
