import { describe, expect, it } from 'vitest';
import { packageShape } from '../../src/package-shape.ts';
import { type Files, findings, fixture } from '../fixture.ts';
import { goodEntry, goodManifest } from '../manifests.ts';

const sound = {
  LICENSE: 'MIT',
  '.changeset/first.md': "---\n'@omemo-kit/a': minor\n---\n\nFirst release\n",
  'packages/a/package.json': goodManifest('a'),
  'packages/a/src/index.ts': '',
  'packages/a/README.md': '# @omemo-kit/a',
  'packages/a/LICENSE': 'MIT',
};

async function found(changes: Files): Promise<string> {
  return (await findings(packageShape, fixture({ ...sound, ...changes }))).join('\n');
}

describe('shape of a package', () => {
  it('passes with everything in its place', async () => {
    expect(await found({})).toBe('');
  });

  it.each([
    ['"name"', { name: '@omemo-kit/b' }],
    ['no "private"', { private: true }],
    ['"description"', { description: '' }],
    ['"keywords"', { keywords: [] }],
    ['"license"', { license: 'GPL-3.0' }],
    ['"type"', { type: 'commonjs' }],
    ['"sideEffects"', { sideEffects: true }],
    ['"engines"', { engines: {} }],
    ['"repository"', { repository: { directory: 'packages/b' } }],
    ['"files"', { files: ['dist', 'src', 'test'] }],
    ['the scripts', { scripts: {} }],
    ['the script "prepack": "pnpm run build"', { scripts: { build: 'tsc', types: 'tsc' } }],
    ['no script that runs on install', { scripts: { build: 'tsc', types: 'tsc', postinstall: 'node setup.js' } }],
    ['ranges', { dependencies: { ltx: '3.1.2' } }],
    ['ranges', { dependencies: { '@omemo-kit/b': 'workspace:*' } }],
  ])('wants %s in package.json', async (wanted, changes) => {
    expect(await found({ 'packages/a/package.json': goodManifest('a', changes) })).toContain(`lacks: ${wanted}`);
  });

  it.each([
    [
      '"." does not begin with',
      { '.': { types: './dist/index.d.ts', '@omemo-kit/source': './src/index.ts', default: './dist/index.js' } },
    ],
    [
      'types is not the first file',
      { '.': { '@omemo-kit/source': './src/index.ts', default: './dist/index.js', types: './dist/i.d.ts' } },
    ],
    ['default is not the last', { '.': { ...goodEntry, node: './dist/node.js' } }],
    [
      '"./node": types is not the first file',
      { '.': goodEntry, './node': { '@omemo-kit/source': './src/index.ts', default: './dist/n.js' } },
    ],
    ['there is no ./src/gone.ts', { '.': { ...goodEntry, '@omemo-kit/source': './src/gone.ts' } }],
    ['./src/index.ts is not below ./dist', { '.': { ...goodEntry, default: './src/index.ts' } }],
    ['opens a whole folder', { '.': goodEntry, './*': goodEntry }],
    ['has no conditions', { '.': './dist/index.js' }],
    ['no "./package.json"', { '.': goodEntry }],
    ['no "."', {}],
  ])('reports in exports: %s', async (what, exports) => {
    expect(await found({ 'packages/a/package.json': goodManifest('a', { exports }) })).toContain(what);
  });

  it('wants a README, the licence of the root, and something for the changelog', async () => {
    expect(await found({ 'packages/a/README.md': '# Another' })).toContain('no README.md that names the package');
    expect(await found({ 'packages/a/LICENSE': 'ISC' })).toContain('LICENSE is not that of the repository');
    const empty = { '.changeset/first.md': '---\n---\n\nNothing to release\n' };
    expect(await found(empty)).toContain('neither CHANGELOG.md nor a changeset');
    expect(await found({ ...empty, 'packages/a/CHANGELOG.md': '' })).toBe('');
  });

  it.each([
    ['without front matter', "'@omemo-kit/a': minor\n"],
    ['with a heading for it', "---\n\n## '@omemo-kit/a': minor\n\nFirst release\n"],
    ['with another word for the bump', "---\n'@omemo-kit/a': new\n---\n"],
  ])('reports a changeset %s', async (_, text) => {
    expect(await found({ '.changeset/first.md': text })).toContain('.changeset/first.md is no changeset');
  });

  it('wants the same of tooling that is published, and applications private', async () => {
    expect(await found({ 'tooling/b/package.json': { name: '@omemo-kit/b', private: true } })).toBe('');
    expect(await found({ 'tooling/b/package.json': { name: '@omemo-kit/b' } })).toContain(
      'tooling/b/package.json lacks: "files"',
    );
    expect(await found({ 'apps/b/package.json': { name: '@omemo-kit/b' } })).toBe('apps/b: not private');
  });
});
