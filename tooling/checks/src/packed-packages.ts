import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand, runPnpm } from './run-command.ts';
import { readPublished, type Workspace } from './workspaces.ts';

/** A package as npm would get it. */
export interface PackedPackage {
  readonly workspace: Workspace;
  /** Path of the .tgz. */
  readonly tarball: string;
  /** Folder with the unpacked files; its package.json has plain version ranges. */
  readonly unpacked: string;
}

/** Packs every package with `pnpm pack`, as it was built before, and unpacks it below `scratch`. */
export async function packPackages(root: string, scratch: string): Promise<readonly PackedPackage[]> {
  const packed: PackedPackage[] = [];
  for (const workspace of await readPublished(root)) {
    if (!existsSync(join(workspace.path, 'dist'))) continue;
    const target = join(scratch, workspace.folder);
    await mkdir(target, { recursive: true });
    const { output } = await runPnpm(['pack', '--config.ignore-scripts=true', '--pack-destination', target], {
      cwd: workspace.path,
    });
    const file = (await readdir(target)).find((name) => name.endsWith('.tgz'));
    if (file === undefined) throw new Error(`pnpm pack made no tarball of ${workspace.folder}: ${output}`);
    await runCommand('tar', ['-xzf', file], { cwd: target });
    packed.push({ workspace, tarball: join(target, file), unpacked: join(target, 'package') });
  }
  return packed;
}
