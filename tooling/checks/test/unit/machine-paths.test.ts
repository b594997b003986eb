import { expect, it } from 'vitest';
import { machinePaths } from '../../src/machine-paths.ts';
import { checkout, findings } from '../fixture.ts';

// Put together here, so that this file passes its own check.
const absolute = ['', 'root', 'project', 'file.ts'].join('/');
const beside = ['..', 'shared', 'vectors'].join('/');

it('finds paths of one machine in every file that git would take', async () => {
  const root = await checkout({
    'README.md': `one\nRun it in ${absolute}.\n`,
    'packages/a/src/index.ts': `const path = '${beside}';\n`,
    'dist/ignored.js': absolute,
    'binary.bin': `\0${absolute}`,
  });
  expect(await findings(machinePaths, root)).toEqual([
    `README.md:2: ${'/'}root`,
    `packages/a/src/index.ts:1: ..${'/'}shared`,
  ]);
});

it('leaves other paths alone', async () => {
  const root = await checkout({
    'one.md': 'a/work/b ~/work https://example.org/tmp/x ./root \u0024{dir}/tmp tmp/ /tmpfile /worker/x\n',
    '.ci/run': `[ -d ${beside} ]\n`,
  });
  expect(await findings(machinePaths, root)).toEqual([]);
});
