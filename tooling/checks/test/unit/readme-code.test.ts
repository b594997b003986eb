import { describe, expect, it } from 'vitest';
import { codeBlocks } from '../../src/readme-blocks.ts';
import { readmeCode } from '../../src/readme-code.ts';
import { check, checkout } from '../fixture.ts';
import { goodManifest } from '../manifests.ts';

const FENCE = '```';

function document(info: string, ...code: readonly string[]): string {
  return ['# Title', '', `${FENCE}${info}`, ...code, FENCE, ''].join('\n');
}

async function found(text: string): Promise<string> {
  const root = await checkout({
    'packages/fixture/package.json': goodManifest('fixture'),
    'packages/fixture/src/index.ts': 'export const one: number = 1;\n',
    'packages/fixture/README.md': text,
  });
  return (await check(readmeCode, root)).problems.map(({ what }) => what).join('\n');
}

describe('code of a README', () => {
  it('passes when it is a whole program on the sources', async () => {
    const code = ["import { one } from '@omemo-kit/fixture';", "if (one !== 1) throw new TypeError('one');"];
    expect(await found(document('ts', ...code))).toBe('');
  });

  it('fails by type, at the line of the document', async () => {
    expect(
      await found(document('ts', "import { one } from '@omemo-kit/fixture';", 'export const two: string = one;')),
    ).toContain('packages/fixture/README.md:5: error TS2322');
  });

  it('fails when it runs', async () => {
    expect(await found(document('ts', "throw new TypeError('not what the reader was told');"))).toMatch(
      /README\.md:4 fails when it runs:[\s\S]*not what the reader was told/,
    );
  });

  it('is only typed with no-run', async () => {
    expect(await found(document('ts no-run', "throw new TypeError('never');"))).toBe('');
    expect(await found(document('ts no-run', "export const one: number = '1';"))).toContain(
      'README.md:4: error TS2322',
    );
  });

  it('is not left unchecked under another name', async () => {
    expect(await found(document('js', 'one'))).toContain('README.md:4: nobody checks a block of `js`');
  });
});

it('finds the blocks of a document with their lines', () => {
  const text = ['~~~ts no-run', 'one', FENCE, '~~~', 'text', `  ${FENCE}sh`, 'two', `  ${FENCE}`].join('\n');
  expect(codeBlocks('README.md', text)).toEqual([
    { document: 'README.md', line: 2, info: ['ts', 'no-run'], code: `one\n${FENCE}` },
    { document: 'README.md', line: 7, info: ['sh'], code: 'two' },
  ]);
});
