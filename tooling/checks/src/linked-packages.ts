import { existsSync } from 'node:fs';
import { mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPublished, type Workspace } from './workspaces.ts';

/** Gives `folder` a node_modules with each workspace that has a name, and with whatever is installed for the published ones. */
export async function linkInstalledPackages(folder: string, workspaces: readonly Workspace[]): Promise<void> {
  for (const { path, manifest } of workspaces) {
    if (manifest.name !== undefined && manifest.exports !== undefined) await linkPackage(folder, manifest.name, path);
  }
  await linkThirdParties(folder, workspaces);
}

/** The dependencies from npm that published packages name, as pnpm installed them; with a peer its types, which its user has. */
export async function linkThirdParties(folder: string, workspaces: readonly Workspace[]): Promise<void> {
  for (const workspace of workspaces) {
    if (!isPublished(workspace)) continue;
    const { path, manifest } = workspace;
    const peers = Object.keys(manifest.peerDependencies ?? {});
    for (const name of [...Object.keys(manifest.dependencies ?? {}), ...peers, ...peers.map(typesOf)]) {
      const installed = join(path, 'node_modules', name);
      if (existsSync(installed)) await linkPackage(folder, name, await realpath(installed));
    }
  }
}

function typesOf(name: string): string {
  return `@types/${name.replace('@', '').replace('/', '__')}`;
}

/** The first one stays when a name comes twice. */
export async function linkPackage(folder: string, name: string, target: string): Promise<void> {
  const link = join(folder, 'node_modules', name);
  if (existsSync(link)) return;
  await mkdir(dirname(link), { recursive: true });
  await symlink(target, link, 'junction');
}
