import { describe, expect, it } from 'vitest';
import { dependencyDirection } from '../../src/dependency-direction.ts';
import { type Files, findings, fixture } from '../fixture.ts';
import { goodManifest } from '../manifests.ts';

const ours = 'workspace:^';
const sound = {
  'packages/primitives/package.json': goodManifest('primitives'),
  'packages/x3dh/package.json': goodManifest('x3dh', { dependencies: { '@omemo-kit/primitives': ours } }),
  'packages/x3dh/src/index.ts': "import { sign } from '@omemo-kit/primitives';\n\nexport const two = sign;\n",
  'packages/x3dh/test/unit/a.test.ts': "import { two } from '../../src/index.ts';\n\nconsole.log(two);\n",
};

async function found(changes: Files): Promise<string> {
  return (await findings(dependencyDirection, fixture({ ...sound, ...changes }))).join('\n');
}

describe('direction of dependency', () => {
  it('passes downwards', async () => {
    expect(await found({})).toBe('');
  });

  it.each([
    ['double-ratchet', '@omemo-kit/x3dh'],
    ['omemo-wire', '@omemo-kit/primitives'],
    ['primitives', '@omemo-kit/x3dh'],
    ['storage-sqlite', '@omemo-kit/x3dh'],
    ['omemo-core', '@omemo-kit/storage-memory'],
    ['omemo-core', '@omemo-kit/loopback'],
  ])('refuses %s on %s', async (name, on) => {
    const manifest = goodManifest(name, { peerDependencies: { [on]: ours } });
    expect(await found({ [`packages/${name}/package.json`]: manifest })).toBe(`packages/${name} depends on ${on}`);
  });

  it('lets tests use what stands above', async () => {
    const manifest = goodManifest('omemo-core', { devDependencies: { '@omemo-kit/loopback': 'workspace:*' } });
    expect(await found({ 'packages/omemo-core/package.json': manifest })).toBe('');
  });

  it('wants a layer for each package', async () => {
    expect(await found({ 'packages/utils/package.json': goodManifest('utils') })).toBe('packages/utils has no layer');
  });
});

describe('imports', () => {
  it.each([
    ['src of another package', 'src', "export { sign } from '../../primitives/src/index.ts';", 'leaves the package'],
    ['tests from src', 'src', "import '../test/unit/a.test.ts';", 'leaves the package'],
    ['past the exports', 'src', "const part = import('@omemo-kit/primitives/dist/sign.js');", 'not in the exports'],
    ['what is not declared', 'src', "import type { Wire } from '@omemo-kit/omemo-wire';", 'not in the dependencies'],
    ['another package by path in a test', 'test', "import '../../primitives/src/index.ts';", 'leaves the package'],
  ])('refuses %s', async (_, part, code, what) => {
    const wire = { 'packages/omemo-wire/package.json': goodManifest('omemo-wire') };
    expect(await found({ ...wire, [`packages/x3dh/${part}/bad.ts`]: code })).toContain(what);
  });
});
