import { describe, expect, it } from 'vitest';
import { citationsOf } from '../../src/document-citations.ts';
import { documents } from '../../src/documents.ts';
import { checkout, findings } from '../fixture.ts';

const testFile =
  "import { describe, it } from 'vitest';\n\ndescribe('a bundle', () => it('is refused without pre-keys', () => {}));\n";

async function found(text: string): Promise<readonly string[]> {
  const root = await checkout({
    'package.json': { type: 'module' },
    'packages/a/test/unit/bundle.test.ts': testFile,
    'packages/a/src/bundle.ts': '',
    'SPEC-COVERAGE.md': text,
  });
  return findings(documents, root);
}

describe('documents', () => {
  it('may cite what is there', async () => {
    const row =
      '| R1 | [code](packages/a/src/bundle.ts#L1) | `packages/a/test/unit/bundle.test.ts` › `a bundle > is refused without pre-keys` |';
    expect(await found(row)).toEqual([]);
  });

  it.each([
    ['a file', 'see `packages/a/src/gone.ts`', 'SPEC-COVERAGE.md:1: there is no packages/a/src/gone.ts'],
    ['a link', 'see [this](docs/gone.md)', 'SPEC-COVERAGE.md:1: there is no docs/gone.md'],
    ['a document', 'see DESIGN-OF-OLD.md', 'SPEC-COVERAGE.md:1: names DESIGN-OF-OLD.md'],
    [
      'a test',
      '\n`packages/a/test/unit/bundle.test.ts` › `is accepted`',
      'SPEC-COVERAGE.md:2: packages/a/test/unit/bundle.test.ts has no test “is accepted”',
    ],
  ])('may not cite %s that is not there', async (_, text, what) => {
    expect(await found(text)).toContain(what);
  });
});

describe('citations of a text', () => {
  it('are paths with the titles that follow them', () => {
    const line = '`a/b.test.ts` › `one > two`, "three"; `c/d.test.ts > four`, `e/f.test.ts`, `not a path`';
    expect(citationsOf(line)).toEqual([
      { path: 'a/b.test.ts', titles: ['one > two', 'three'], line: 1 },
      { path: 'c/d.test.ts', titles: ['four'], line: 1 },
      { path: 'e/f.test.ts', titles: [], line: 1 },
    ]);
  });

  it('are not looked for in code', () => {
    expect(citationsOf(['```ts', '// `a/b.ts`', '```'].join('\n'))).toEqual([]);
  });
});
