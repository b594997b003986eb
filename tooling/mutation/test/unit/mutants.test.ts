import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCoverage } from '@omemo-kit/checks/coverage-rows';
import { describe, expect, test } from 'vitest';
import { draw } from '../../src/draw.ts';
import { mutated } from '../../src/mutant.ts';
import { mutants } from '../../src/mutants/index.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

describe('mutants', () => {
  test.each(mutants.map((mutant) => [mutant.row, mutant.breaks, mutant] as const))(
    '%s, %s: the code is still there to be broken',
    async (_row, _breaks, mutant) => {
      const text = await readFile(join(root, mutant.file), 'utf8');
      expect(mutated(text, mutant)).not.toBe(text);
    },
  );

  test('belong to rows that the documents list with tests', async () => {
    const coverage = await readCoverage(root);
    const tested = coverage.filter(({ tests }) => tests.length > 0).flatMap(({ rows }) => rows);
    expect(mutants.map(({ row }) => row).filter((row) => !tested.includes(row))).toEqual([]);
  });

  test('are there for every row, and break it in a file that the row names', async () => {
    const coverage = await readCoverage(root);
    const broken = mutants.map(({ row }) => row);
    expect(coverage.flatMap(({ rows }) => rows).filter((row) => !broken.includes(row))).toEqual([]);
    const elsewhere = mutants.filter(({ row, file }) => {
      const named = coverage.find(({ rows }) => rows.includes(row))?.files ?? [];
      return !named.some(({ path }) => path === file);
    });
    expect(elsewhere.map(({ row, file }) => `${row}: ${file}`)).toEqual([]);
  });
});

describe('a mutant', () => {
  const mutant = { row: 'R00', breaks: 'nothing', file: 'a.ts', find: 'if (gap > 1)', replace: 'if (false)' };

  test('replaces what stands there once', () => {
    expect(mutated('x; if (gap > 1) throw', mutant)).toBe('x; if (false) throw');
  });

  test.each(['', 'if (gap > 1) if (gap > 1)'])('is refused where that is not so: %j', (text) => {
    expect(() => mutated(text, mutant)).toThrow(TypeError);
  });
});

describe('a draw', () => {
  const items = Array.from({ length: 100 }, (_, index) => index);

  test('is the same for a seed, another for another, and takes nothing twice', () => {
    expect(draw(items, 30, 7)).toEqual(draw(items, 30, 7));
    expect(draw(items, 30, 7)).not.toEqual(draw(items, 30, 8));
    expect(new Set(draw(items, 30, 0)).size).toBe(30);
  });

  test('takes what there is', () => {
    expect([...draw([1, 2], 30, 1)].sort()).toEqual([1, 2]);
  });
});
