import { build, type Message, type Metafile } from 'esbuild';
import type { Problem } from './step.ts';

/**
 * Bundles entry points for a browser the way an application without a setting for anything would: nothing is external, and nothing
 * stands in for the modules of Node. Named in `project`, from whose node_modules they come.
 */
export async function bundleProblems(
  project: string,
  folder: string,
  entries: readonly string[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const entry of entries) {
    const found = await unresolved(project, entry);
    if (found.length > 0)
      problems.push({
        what: `${folder} cannot be bundled for a browser from ${entry}:\n${found.join('\n')}`,
        fix: 'import nothing that only Node has: a file of a dependency that does without, or an entry of its own for Node',
      });
  }
  return problems;
}

/** Imports that lead nowhere, those that esbuild lets pass inside `try` too. */
async function unresolved(project: string, entry: string): Promise<readonly string[]> {
  try {
    const { metafile } = await build({
      stdin: { contents: `export * from '${entry}';`, resolveDir: project, sourcefile: 'consumer.js' },
      absWorkingDir: project,
      bundle: true,
      platform: 'browser',
      format: 'esm',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    return leftOut(metafile);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return error.errors.map(({ text, location }) => `${location?.file ?? ''}:${location?.line ?? ''} ${text}`);
  }
}

function leftOut({ inputs }: Metafile): readonly string[] {
  return Object.entries(inputs).flatMap(([file, { imports }]) =>
    imports.filter(({ external }) => external === true).map(({ path }) => `${file} imports ${path}`),
  );
}

function isBuildFailure(error: unknown): error is Error & { readonly errors: readonly Message[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
