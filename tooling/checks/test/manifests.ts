/** A package.json of packages/ without a fault. */
export function goodManifest(name: string, changes: object = {}): object {
  return {
    name: `@omemo-kit/${name}`,
    version: '0.1.0',
    description: 'A package of a test',
    keywords: ['test'],
    license: 'MIT',
    repository: { type: 'git', url: 'git+https://github.com/omemo-kit/omemo-kit.git', directory: `packages/${name}` },
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22' },
    exports: { '.': goodEntry, './package.json': './package.json' },
    files: ['dist', 'src'],
    scripts: { build: 'tsc -p tsconfig.build.json', prepack: 'pnpm run build', types: 'tsc -p tsconfig.json' },
    ...changes,
  };
}

export const goodEntry: object = {
  '@omemo-kit/source': './src/index.ts',
  types: './dist/index.d.ts',
  default: './dist/index.js',
};
