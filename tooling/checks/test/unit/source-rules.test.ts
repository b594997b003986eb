import { describe, expect, it } from 'vitest';
import { parseSourceFile } from '../../src/source-file.ts';
import { fileProblems, sourceRules } from '../../src/source-rules.ts';
import { check, fixture } from '../fixture.ts';

function found(code: string, folder = 'packages/x3dh', path = 'src/one.ts'): string {
  return fileProblems(folder, parseSourceFile(path, code))
    .map(({ what }) => what)
    .join('\n');
}

describe('rules of the sources', () => {
  it.each([
    ['Math.random', 'export const one = () => Math.random();'],
    ['console', "console.warn('one');"],
    ['throw new Error(', "export function one(): never {\n  throw new Error('one');\n}"],
    ['throw new Error(', "throw Error('one');"],
    ['Buffer', "export const one = Buffer.from('one');"],
    ['a value of ltx', "import { Element } from 'ltx';"],
    ['a value of ltx', "import { type Element, parse } from 'ltx';"],
    ['a value of ltx', "import { type Element } from 'ltx';"],
    ['a value of ltx', "import * as ltx from 'ltx';"],
    ['a value of ltx', "import 'ltx';"],
    ['a value of ltx', "export { Element } from 'ltx';"],
    ['a value of ltx', "export * from 'ltx';"],
    ['a value of ltx', "export const ltx = await import('ltx');"],
    ['imports node:crypto', "import { randomBytes } from 'node:crypto';"],
    ['imports @noble/curves/ed25519.js', "export { ed25519 } from '@noble/curves/ed25519.js';"],
  ])('find %s', (what, code) => {
    expect(found(code)).toContain(what);
  });

  it('read code, not comments and texts', () => {
    expect(
      found("/** Not Math.random(), console.log or Buffer. */\nexport const one = 'throw new Error(console)';"),
    ).toBe('');
    expect(found('export class OneError extends Error {}\nthrow new OneError();')).toBe('');
  });

  it('let types of ltx pass, and its parts', () => {
    const types =
      "import type { Element } from 'ltx';\nexport type { Element } from 'ltx';\nexport type * from 'ltx';\n";
    const parts =
      "import ElementConstructor from 'ltx/src/Element.js';\nexport const other: import('ltx').Element = 1;\n";
    expect(found(types + parts)).toBe('');
  });

  it('give the line', () => {
    expect(found('export const one = 1;\n\nconsole.log(one);')).toBe('packages/x3dh/src/one.ts:3: console');
  });

  it('let the Node provider of primitives use Node, and no other file of it', () => {
    const provider = "import { hkdfSync } from 'node:crypto';\nexport const one = Buffer.alloc(1);\n";
    expect(found(provider, 'packages/primitives')).toBe('');
    expect(found('export const one = Buffer.alloc(1);', 'packages/primitives')).toContain('Buffer');
  });

  it('refuse names that say nothing', () => {
    expect(found('', 'packages/x3dh', 'src/utils.ts')).toContain('a name that says nothing');
    expect(found('', 'packages/x3dh', 'src/common/keys.ts')).toContain('a name that says nothing');
  });

  it('note a long file without failing', async () => {
    const long = { 'packages/a/package.json': {}, 'packages/a/src/long.ts': '\n'.repeat(301) };
    const { problems, notes } = await check(sourceRules, fixture(long));
    expect(problems).toEqual([]);
    expect(notes).toEqual(['packages/a/src/long.ts has 302 lines: is it one concept?']);
  });
});
