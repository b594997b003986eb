import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProblems } from './browser-bundle.ts';
import { linkPackage, linkThirdParties } from './linked-packages.ts';
import type { PackedPackage } from './packed-packages.ts';
import { lastLines, runCommand, toolsRoot } from './run-command.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { type Problem, resultOf, type Step } from './step.ts';

/**
 * What a project that installs the packages meets: the compiled files load in Node, a bundler makes them into one file for a
 * browser, and their types hold without `skipLibCheck`.
 */
export const installedPackages: Step = {
  name: 'installed',
  title: 'packed packages in a project of their own: loaded, bundled and typed',
  check: async (run) => {
    const packed = await run.packed();
    return resultOf(await withScratchFolder(run.root, 'installed', (scratch) => installedProblems(scratch, packed)));
  },
};

export async function installedProblems(
  scratch: string,
  packed: readonly PackedPackage[],
): Promise<readonly Problem[]> {
  for (const { workspace, unpacked } of packed) {
    await linkThirdParties(unpacked, [workspace]);
    for (const other of packed) await linkPackage(unpacked, other.workspace.manifest.name ?? '', other.unpacked);
  }
  const problems: Problem[] = [];
  for (const { workspace, unpacked } of packed) {
    const project = join(scratch, workspace.folder);
    await mkdir(project, { recursive: true });
    await linkPackage(project, workspace.manifest.name ?? '', unpacked);
    problems.push(...(await consume(project, workspace.folder, entryPoints(workspace.manifest))));
  }
  return problems;
}

async function consume(project: string, folder: string, entries: readonly string[]): Promise<readonly Problem[]> {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const program = [...imports, `export const all = [${entries.map((_, index) => `entry${index}`).join(', ')}];`, ''];
  await writeFile(join(project, 'package.json'), '{ "type": "module", "private": true }');
  await writeFile(join(project, 'consumer.mts'), program.join('\n'));
  const problems: Problem[] = [];
  const loaded = await runCommand(process.execPath, ['consumer.mts'], { cwd: project, timeoutSeconds: 60 });
  if (loaded.code !== 0)
    problems.push({
      what: `${folder} does not load when installed:\n${lastLines(loaded.output, 20)}`,
      fix: 'every import of src needs its package in `dependencies`, and a relative import its `.ts`',
    });
  if (!nodeOnly.has(folder)) problems.push(...(await bundleProblems(project, folder, entries)));
  for (const [title, config] of Object.entries(consumers)) {
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(config));
    const { code, output } = await runCommand('tsc', ['-p', project], { cwd: project });
    if (code !== 0)
      problems.push({
        what: `${folder}, types ${title}:\n${lastLines(output, 20)}`,
        fix: 'name in dist/*.d.ts only what the package depends on',
      });
  }
  return problems;
}

function entryPoints({ name, exports }: { readonly name?: string; readonly exports?: unknown }): readonly string[] {
  const keys = typeof exports === 'object' && exports !== null ? Object.keys(exports) : ['.'];
  return keys.filter((key) => key.startsWith('.') && !key.endsWith('.json')).map((key) => `${name}${key.slice(1)}`);
}

/** Databases that no browser reaches. */
const nodeOnly = new Set(['packages/storage-sqlite', 'packages/storage-postgres']);

const strict = { target: 'es2022', strict: true, skipLibCheck: false, noEmit: true };

const consumers = {
  'for Node': {
    compilerOptions: {
      ...strict,
      module: 'nodenext',
      types: ['node'],
      typeRoots: [join(toolsRoot, 'node_modules', '@types')],
    },
  },
  'for a browser and its bundler': {
    compilerOptions: { ...strict, module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] },
  },
};
