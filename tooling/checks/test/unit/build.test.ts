import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { build } from '../../src/build.ts';
import { findings, fixture } from '../fixture.ts';

const compile = {
  compilerOptions: { rootDir: 'src', outDir: 'dist', declaration: true, module: 'nodenext', types: [], strict: true },
  include: ['src'],
};
const scripts = { build: 'tsc -p tsconfig.build.json' };

it('builds what can be built from nothing, and reports the rest', async () => {
  const root = fixture({
    'package.json': { name: 'root', private: true, type: 'module' },
    'pnpm-workspace.yaml': 'packages: [packages/*]\n',
    'packages/sound/package.json': { name: 'sound', type: 'module', scripts },
    'packages/sound/tsconfig.build.json': compile,
    'packages/sound/src/index.ts': 'export const one = 1;\n',
    'packages/sound/dist/old.js': '',
    'packages/broken/package.json': { name: 'broken', type: 'module', scripts },
    'packages/broken/tsconfig.build.json': {
      ...compile,
      compilerOptions: { ...compile.compilerOptions, noEmitOnError: true },
    },
    'packages/broken/src/index.ts': "export const one: number = '1';\n",
  });
  const found = await findings(build, root);
  expect(found.join('\n')).toContain('src/index.ts(1,14)');
  expect(found).toContain('packages/broken: the build made no dist/index.js');
  expect(existsSync(join(root, 'packages/sound/dist/index.d.ts'))).toBe(true);
  expect(existsSync(join(root, 'packages/sound/dist/old.js'))).toBe(false);
});
