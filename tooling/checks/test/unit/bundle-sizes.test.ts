import { expect, it } from 'vitest';
import { sizesOf } from '../../src/bundle-sizes.ts';
import { fixture } from '../fixture.ts';

it('weighs what a browser gets of each entry, gzipped, and refuses what is over its limit', async () => {
  const root = fixture({
    'package.json': { name: 'root', private: true, type: 'module' },
    // What nobody imports, and comments, weigh nothing.
    'node_modules/light/package.json': { name: 'light', type: 'module', sideEffects: false, exports: './index.js' },
    'node_modules/light/index.js': `/* ${'a comment '.repeat(300)}*/\nimport './unused.js';\nexport const one = 1;\n`,
    'node_modules/light/unused.js': `export const text = '${noise(8_000)}';\n`,
    'node_modules/heavy/package.json': { name: 'heavy', type: 'module', exports: './index.js' },
    'node_modules/heavy/index.js': `export const text = '${noise(8_000)}';\n`,
  });
  const bundle = (title: string, limit: number) => ({ title, folder: '.', entries: [title], limit });
  const { problems, notes } = await sizesOf(root, [bundle('light', 0.1), bundle('heavy', 0.1), bundle('heavy', 8)]);
  expect(notes.map((note) => note.replace(/\d+\.\d KiB of/, 'N KiB of'))).toEqual([
    'light: N KiB of 0.1 KiB gzip',
    'heavy: N KiB of 0.1 KiB gzip',
    'heavy: N KiB of 8 KiB gzip',
  ]);
  expect(problems.map(({ what }) => what)).toEqual([notes[1]]);
  // Four bits of each hexadecimal digit are news to a compressor.
  expect(Number(/(\d+\.\d) KiB of/.exec(notes[1] ?? '')?.[1])).toBeGreaterThan(3.5);
});

/** Hexadecimal digits that do not repeat. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 28).toString(16);
  }).join('');
}
