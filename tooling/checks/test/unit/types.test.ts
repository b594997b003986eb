import { expect, it } from 'vitest';
import { types } from '../../src/types.ts';
import { findings, fixture } from '../fixture.ts';

const strict = { compilerOptions: { strict: true, noEmit: true, types: [] }, include: ['src'] };

it('reports an error of type in each package, and none in a sound one', async () => {
  const root = fixture({
    'packages/sound/package.json': { name: 'sound' },
    'packages/sound/tsconfig.json': strict,
    'packages/sound/src/index.ts': 'export const one: number = 1;\n',
    'packages/broken/package.json': { name: 'broken' },
    'packages/broken/tsconfig.json': strict,
    'packages/broken/src/index.ts': "export const one: number = '1';\n",
    'apps/broken/package.json': { name: 'app' },
    'apps/broken/tsconfig.json': strict,
    'apps/broken/src/main.ts': 'export const two: string = 2;\n',
  });
  const found = await findings(types, root);
  expect(found).toHaveLength(2);
  expect(found[0]).toContain('packages/broken/src/index.ts(1,14)');
  expect(found[1]).toContain('apps/broken/src/main.ts(1,14)');
});
