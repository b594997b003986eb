import { build } from 'esbuild';

/** One module for the browser from a TypeScript file, made from the sources of all workspace packages. */
export async function bundleEntry(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2023',
    conditions: ['@omemo-kit/source'],
    sourcemap: 'inline',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
