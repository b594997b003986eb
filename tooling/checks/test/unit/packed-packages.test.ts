import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attwProblems } from '../../src/attw.ts';
import { installedProblems } from '../../src/installed-packages.ts';
import { packPackages } from '../../src/packed-packages.ts';
import { publintProblems } from '../../src/publint.ts';
import { tarballProblems } from '../../src/tarball-contents.ts';
import { type Files, fixture, packed } from '../fixture.ts';
import { goodManifest } from '../manifests.ts';

const sound = {
  'package.json': goodManifest('fixture'),
  LICENSE: 'MIT',
  'README.md': '# fixture',
  'src/index.ts': 'export const one = 1;\n',
  'dist/index.js': 'export const one = 1;\n',
  'dist/index.d.ts': 'export declare const one = 1;\n',
} as const;

function packedWith(changes: Files) {
  return packed({ ...sound, ...changes });
}

async function found(problems: Promise<readonly { readonly what: string }[]>): Promise<string> {
  return (await problems).map(({ what }) => what).join('\n');
}

describe('a sound package', () => {
  it('passes all four', async () => {
    const one = await packedWith({});
    expect(await publintProblems(one)).toEqual([]);
    expect(await attwProblems(one)).toEqual([]);
    expect(await tarballProblems(one)).toEqual([]);
    expect(await installedProblems(fixture({}), [one])).toEqual([]);
  });

  it('is packed with its allow-list and the ranges of the workspace', async () => {
    const root = fixture({
      'package.json': { name: 'root', private: true },
      'pnpm-workspace.yaml': 'packages: [packages/*]\n',
      'packages/other/package.json': goodManifest('other', { version: '1.2.3' }),
      'packages/fixture/package.json': goodManifest('fixture', { dependencies: { '@omemo-kit/other': 'workspace:^' } }),
      'packages/fixture/dist/index.js': '',
      'packages/fixture/test/index.test.ts': '',
      'packages/not-built/package.json': goodManifest('not-built'),
    });
    const [one, ...others] = await packPackages(root, fixture({}));
    expect(others).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(one?.unpacked ?? '', 'package.json'), 'utf8'));
    expect(manifest.dependencies).toEqual({ '@omemo-kit/other': '^1.2.3' });
    expect(await tarballProblems(one as NonNullable<typeof one>)).toEqual([]);
  });
});

it('publint reports a file that is not there', async () => {
  const exports = { '.': { types: './dist/index.d.ts', default: './dist/missing.js' } };
  expect(
    await found(publintProblems(await packedWith({ 'package.json': goodManifest('fixture', { exports }) }))),
  ).toContain('missing.js');
});

it('attw reports types that lead nowhere', async () => {
  const one = await packedWith({ 'dist/index.d.ts': "export { one } from './missing.js';\n" });
  expect(await found(attwProblems(one))).toMatch(/internal-resolution-error|Internal resolution error/i);
});

describe('contents of tarballs', () => {
  it.each([
    ['a test', { 'test/index.test.ts': '' }, 'test/index.test.ts'],
    ['a build file', { 'dist/tsconfig.tsbuildinfo': '{}' }, 'tsbuildinfo'],
    [
      'another source of randomness for all',
      { 'dist/random.js': 'export function setRandomness() {}' },
      'setRandomness',
    ],
    ['a switch from outside', { 'src/verify.ts': 'if (process.env.SKIP) skip();' }, 'process.env'],
    ['a path of the machine', { 'dist/index.js.map': `{"sources":["${'/'}root/x.ts"]}` }, `${'/'}root`],
  ])('reports %s', async (_, files, named) => {
    expect(await found(tarballProblems(await packedWith(files)))).toContain(named);
  });
});

describe('an installed package', () => {
  it('reports code that does not load', async () => {
    const one = await packedWith({ 'dist/index.js': "export { one } from 'a-dependency-that-nobody-declared';\n" });
    expect(await found(installedProblems(fixture({}), [one]))).toContain('does not load');
  });

  it.each([
    [
      'a module of Node',
      "import { EventEmitter } from 'node:events';\nexport const one = new EventEmitter();\n",
      'node:events',
    ],
    ['a module of Node by its old name', "import events from 'events';\nexport const one = events;\n", 'events'],
    [
      'what is asked for only in case',
      "export const one = () => import('node:events').catch(() => 1);\n",
      'node:events',
    ],
    [
      'and in a try',
      "export async function one() {\n  try { return await import('node:crypto'); } catch { return 1; }\n}\n",
      'node:crypto',
    ],
  ])('reports %s that no bundle for a browser can have', async (_, code, named) => {
    const one = await packedWith({ 'dist/index.js': code });
    const problems = await found(installedProblems(fixture({}), [one]));
    expect(problems).toContain('cannot be bundled for a browser from @omemo-kit/fixture:');
    expect(problems).toContain(named);
    expect(problems).not.toContain('does not load');
  });

  it('reports an entry point beside the main one that cannot be bundled, and takes what stands in for it', async () => {
    const exports = {
      '.': { types: './dist/index.d.ts', node: './dist/node.js', default: './dist/index.js' },
      './more': { types: './dist/index.d.ts', default: './dist/node.js' },
    };
    const one = await packedWith({
      'package.json': goodManifest('fixture', { exports }),
      'dist/node.js': "import 'node:fs';\nexport const one = 1;\n",
    });
    const problems = await found(installedProblems(fixture({}), [one]));
    expect(problems).toContain('from @omemo-kit/fixture/more:');
    expect(problems).not.toContain('from @omemo-kit/fixture:');
  });

  it('reports a type that only Node has', async () => {
    const one = await packedWith({ 'dist/index.d.ts': 'export declare const one: NodeJS.Timeout;\n' });
    const problems = await found(installedProblems(fixture({}), [one]));
    expect(problems).toContain('types for a browser');
    expect(problems).not.toContain('types for Node');
  });
});
