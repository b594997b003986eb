import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { PackedPackage } from '../src/packed-packages.ts';
import { withRun } from '../src/run.ts';
import { runCommand, toolsRoot } from '../src/run-command.ts';
import type { Step, StepResult } from '../src/step.ts';

export type Files = Readonly<Record<string, string | object>>;

/** A folder inside the checkout, out of git's sight, with these files; objects become JSON. Gone after the test. */
export function fixture(files: Files): string {
  mkdirSync(join(toolsRoot, '.scratch'), { recursive: true });
  const root = mkdtempSync(join(toolsRoot, '.scratch', 'fixture-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return root;
}

/** The same as a checkout of its own: `git ls-files` lists its files. */
export async function checkout(files: Files): Promise<string> {
  const root = fixture({ '.gitignore': '.scratch/\nnode_modules/\ndist/\n', ...files });
  await runCommand('git', ['init', '-q'], { cwd: root });
  return root;
}

export function check(step: Step, root: string): Promise<StepResult> {
  return withRun(root, (run) => step.check(run));
}

/** What a step found, without what to do about it. */
export async function findings(step: Step, root: string): Promise<readonly string[]> {
  return (await check(step, root)).problems.map(({ what }) => what);
}

/** A tarball of these files, as `pnpm pack` would leave it. */
export async function packed(files: Files & { readonly 'package.json': object }): Promise<PackedPackage> {
  const root = fixture(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`package/${path}`, content])),
  );
  await runCommand('tar', ['-czf', 'fixture.tgz', 'package'], { cwd: root });
  const workspace = {
    folder: 'packages/fixture',
    path: root,
    kind: 'packages',
    manifest: files['package.json'],
  } as const;
  return { workspace, tarball: join(root, 'fixture.tgz'), unpacked: join(root, 'package') };
}
