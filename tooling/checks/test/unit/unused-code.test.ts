import { expect, it } from 'vitest';
import { unusedCode } from '../../src/unused-code.ts';
import { findings, fixture } from '../fixture.ts';

it('reports what nobody uses, what only tests use, and a dependency without an import', async () => {
  const root = fixture({
    'package.json': { name: 'root', private: true, type: 'module' },
    'pnpm-workspace.yaml': 'packages: [packages/*]\n',
    'knip.json': {
      workspaces: {
        'packages/*': { entry: ['src/index.ts!', 'test/*.test.ts'], project: ['src/**/*.ts!', 'test/**/*.ts'] },
      },
    },
    'packages/a/package.json': { name: 'a', type: 'module', dependencies: { 'left-over': '1.0.0' } },
    'packages/a/src/index.ts': "export { used } from './parts.ts';\n",
    'packages/a/src/parts.ts': 'export const used = 1;\nexport const unused = 2;\nexport const tested = 3;\n',
    'packages/a/src/alone.ts': 'export const alone = 4;\n',
    'packages/a/test/parts.test.ts': "import { tested } from '../src/parts.ts';\n\nconsole.log(tested);\n",
  });
  const found = await findings(unusedCode, root);
  expect([...found].sort()).toEqual([
    'unused dependencies left-over in packages/a/package.json',
    'unused exports unused in packages/a/src/parts.ts',
    'unused file packages/a/src/alone.ts',
    'used by tests alone: exports tested in packages/a/src/parts.ts',
  ]);
});

it('reports a reading that failed', async () => {
  expect((await findings(unusedCode, fixture({ 'package.json': '{' }))).join()).toContain('could not be looked for');
});
