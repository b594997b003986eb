import { build } from 'esbuild';

/** A module by name, and the file that is to stand for it. */
export type ModuleAlias = Readonly<Record<string, string>>;

/** One module for the browser from a TypeScript file, made from the sources of all workspace packages. */
export async function bundleEntry(entry: string, alias: ModuleAlias = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2023',
    conditions: ['@omemo-kit/source'],
    alias,
    sourcemap: 'inline',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
