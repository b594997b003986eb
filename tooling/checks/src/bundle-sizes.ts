import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { lastLines } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';

/** What a browser loads, and how much of it there may be. */
export interface SizedBundle {
  readonly title: string;
  /** Folder that has them in its node_modules. */
  readonly folder: string;
  readonly entries: readonly string[];
  /** KiB (1,024 bytes) of the minified bundle after `gzip -9`. */
  readonly limit: number;
}

/** Just above what they are: whoever adds to it says here that it is worth it. ARCHITECTURE.md has what was aimed at, and the parts. */
const sizedBundles: readonly SizedBundle[] = [
  {
    title: 'x3dh, double-ratchet and primitives',
    folder: 'packages/omemo-core',
    entries: ['@omemo-kit/x3dh', '@omemo-kit/double-ratchet', '@omemo-kit/primitives'],
    // 0.2 of it are keys cut out of HKDF and AES over arrays that live on: a twentieth of the time of a message, without node:crypto more.
    limit: 25.8,
  },
  {
    title: 'omemo-core with all that it depends on',
    folder: 'packages/omemo-core',
    entries: ['@omemo-kit/omemo-core'],
    // 1.7 of it let a page start many sessions without being stuck: crypto.subtle, slices, and what was computed ahead found by the steps.
    // 0.2 of it are copies for the application, and the look for a lost answer at every end of an operation.
    limit: 84.5,
  },
];

export const bundleSizes: Step = {
  name: 'sizes',
  title: 'what a browser loads, minified and gzipped',
  check: async (run) => {
    const built = await run.built();
    if (built.code !== 0)
      return resultOf([{ what: `not built: ${lastLines(built.output, 5)}`, fix: 'see the step `build`' }]);
    return sizesOf(run.root, sizedBundles);
  },
};

export async function sizesOf(root: string, bundles: readonly SizedBundle[]) {
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const bundle of bundles) {
    const size = (await gzippedBytes(root, bundle)) / 1024;
    const what = `${bundle.title}: ${size.toFixed(1)} KiB of ${bundle.limit} KiB gzip`;
    notes.push(what);
    if (size > bundle.limit)
      problems.push({
        what,
        fix: 'find what was added (esbuild --analyze); leave it out, or raise the limit and say why',
      });
  }
  return resultOf(problems, notes);
}

async function gzippedBytes(root: string, { folder, entries }: SizedBundle): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: entries.map((entry) => `export * from '${entry}';`).join('\n'), resolveDir: join(root, folder) },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
}
