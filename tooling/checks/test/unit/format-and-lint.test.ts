import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatAndLint } from '../../src/format-and-lint.ts';
import { toolsRoot } from '../../src/run-command.ts';
import { type Files, findings, fixture } from '../fixture.ts';

/** A checkout under the rules of this repository, except that git ignores nothing in it. */
function underOurRules(files: Files): string {
  const rules = JSON.parse(readFileSync(join(toolsRoot, 'biome.json'), 'utf8'));
  const { $schema: _, vcs: __, ...config } = rules;
  return fixture({ 'biome.json': `${JSON.stringify({ root: true, ...config })}`, ...files });
}

async function found(files: Files): Promise<readonly string[]> {
  return (await findings(formatAndLint, underOurRules(files))).filter((what) => !what.startsWith('biome.json'));
}

describe('format and lint', () => {
  it('passes what is well written', async () => {
    expect(await found({ 'packages/a/src/one.ts': 'export const one = 1;\n' })).toEqual([]);
  });

  it('reports a cycle over three files, types included, at each import', async () => {
    const cycle = {
      'packages/a/src/one.ts': "import { two } from './two.ts';\n\nexport const one = (): number => two;\n",
      'packages/a/src/two.ts': "import type { Three } from './three.ts';\n\nexport const two: Three = 2;\n",
      'packages/a/src/three.ts':
        "import type { one } from './one.ts';\n\nexport type Three = ReturnType<typeof one>;\n",
    };
    const places = (await found(cycle))
      .filter((what) => what.includes('noImportCycles'))
      .map((what) => what.split(':')[0]);
    expect(places.sort()).toEqual(['packages/a/src/one.ts', 'packages/a/src/three.ts', 'packages/a/src/two.ts']);
  });

  it.each([
    ['noConsole', 'packages/a/src/one.ts', "console.log('one');\n"],
    ['noRestrictedImports', 'packages/a/src/one.ts', "export { readFile } from 'node:fs/promises';\n"],
    ['noReExportAll', 'packages/a/src/index.ts', "export * from './one.ts';\n"],
    ['noFocusedTests', 'packages/a/test/one.test.ts', "import { it } from 'vitest';\n\nit.only('one', () => {});\n"],
    ['useFilenamingConvention', 'packages/a/src/OneTwo.ts', 'export const one = 1;\n'],
    ['noDefaultExport', 'packages/a/src/one.ts', 'export default 1;\n'],
    ['not formatted', 'packages/a/src/one.ts', 'export const one = "1"\n'],
  ])('reports %s', async (rule, path, text) => {
    expect((await found({ [path]: text })).join('\n')).toContain(rule);
  });
});
