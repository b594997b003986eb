import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replayDirectory } from '../../src/replay-directory.ts';
import { type Json, vectors } from '../vectors-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function put(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), content);
}

const labels = JSON.stringify(vectors('labels'));
const hello = JSON.stringify(vectors('transcripts/s01-hello'));

function entry(name: string, text: string, counts: Record<string, number> = {}) {
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, bytes: bytes.length, sha256, kind: 'any', ...counts };
}

function index(...files: readonly Json[]): string {
  return JSON.stringify({ set: 'test', files });
}

async function failuresIn(directory = folder): Promise<string[]> {
  return (await replayDirectory(directory)).failures.map(({ file, step, what }) => `${file}: ${step}: ${what}`);
}

describe('what is found', () => {
  test('files of any name, in any folder, packed or not, with nothing to list them', async () => {
    await put('b/c/whatever.json', labels);
    await put('d.json.gz', gzipSync(hello));
    await put('README.md', 'no vectors');
    const report = await replayDirectory(folder);
    expect(report.lines()).toEqual([
      'labels: 1 file, 8 passed, 0 failed',
      'transcripts: 1 file, 11 passed, 0 failed',
      '19 passed, 0 failed',
    ]);
  });

  test('a directory behind a link, with its index above', async () => {
    await put('set/deep/x.json', labels);
    await put('set/INDEX.json', index(entry('deep/x.json', labels, { cases: 8 }), entry('elsewhere/y.json', hello)));
    await mkdir(join(folder, 'links'));
    await symlink(join(folder, 'set', 'deep'), join(folder, 'links', 'here'));
    const report = await replayDirectory(join(folder, 'links', 'here'));
    expect(report.lines().at(-1)).toBe('9 passed, 0 failed');
  });
});

describe('what fails', () => {
  test.each([
    ['no vectors at all', {}, /holds no vectors/],
    ['malformed JSON', { 'x.json': '{"protocol": ' }, /^x\.json: file: not in the documented format: no JSON/],
    ['bytes that are no text', { 'x.json': Uint8Array.of(0xff, 0xfe) }, /no JSON/],
    ['a damaged archive', { 'x.json.gz': Uint8Array.of(1, 2, 3) }, /^x\.json: file: .*incorrect header check/],
    ['a list instead of an object', { 'x.json': '[]' }, /the file is no object/],
    ['no protocol', { 'x.json': '{}' }, /has no protocol/],
    ['another protocol', { 'x.json': '{"protocol":"omemo0.3"}' }, /protocol omemo0\.3 is not replayed/],
    ['another format', { 'x.json': '{"protocol":"omemo2","format":"omemo-transcript/2"}' }, /no known kind/],
    ['no cases', { 'x.json': '{"protocol":"omemo2","cases":[]}' }, /no known kind/],
    ['cases of no known shape', { 'x.json': '{"protocol":"omemo2","cases":[{"a":1}]}' }, /no known kind/],
    ['an index without files', { 'x.json': labels, 'INDEX.json': '{}' }, /^INDEX\.json: file: .*has no files/],
    ['an index that is no JSON', { 'x.json': labels, 'INDEX.json': '{' }, /^INDEX\.json: file: .*no JSON/],
    [
      'a listed file that is not there',
      { 'x.json': labels, 'INDEX.json': index(entry('y.json', labels)) },
      /^INDEX\.json: y\.json: is listed and not there/,
    ],
    [
      'a listed file that is another',
      { 'x.json': labels, 'INDEX.json': index(entry('x.json', `${labels} `, { cases: 8 })) },
      /^INDEX\.json: x\.json: sha256 is .*length is/,
    ],
    [
      'a count of the index',
      { 'x.json': labels, 'INDEX.json': index(entry('x.json', labels, { cases: 9 })) },
      /^INDEX\.json: x\.json: count cases is 8, recorded is 9/,
    ],
    [
      'a count that nothing makes',
      { 'x.json': labels, 'INDEX.json': index(entry('x.json', labels, { cases: 8, colours: 1 })) },
      /count colours is nothing, recorded is 1/,
    ],
  ])('%s', async (_what, files, found) => {
    for (const [name, content] of Object.entries(files)) await put(name, content as string);
    const failures = await failuresIn();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(found);
  });

  test('what is wrong in one file does not keep the others from being replayed', async () => {
    await put('a.json', '{');
    await put('b.json', labels);
    const report = await replayDirectory(folder);
    expect([report.passed, report.failed]).toEqual([8, 1]);
  });
});

describe('the command', () => {
  const run = promisify(execFile);
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const conformance = (...args: string[]) =>
    run(process.execPath, ['--conditions=@omemo-kit/source', main, ...args]).then(
      ({ stdout }) => ({ code: 0, lines: stdout.trim().split('\n') }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, lines: stdout.trim().split('\n') }),
    );

  test('ends with the totals and 0 when all is well', async () => {
    await put('x.json', labels);
    const { code, lines } = await conformance(folder);
    expect([code, lines.at(-1)]).toEqual([0, '8 passed, 0 failed']);
  });

  test('ends with 1 for a file that it does not understand', async () => {
    await put('x.json', labels);
    await put('y.json', '{"protocol":"omemo2"}');
    const { code, lines } = await conformance(folder);
    expect([code, lines.at(-1)]).toEqual([1, '8 passed, 1 failed']);
    expect(lines).toContainEqual(expect.stringMatching(/^FAILED y\.json: file: /));
  });

  test('ends with 1 for a directory that is not there, and says so', async () => {
    await put('x.json', labels);
    for (const name of ['nowhere', 'nowhere/at/all', 'x.json', 'x.json/inside']) {
      const directory = join(folder, name);
      const lines = [`FAILED ${directory}: there is no directory ${directory}`, '0 passed, 1 failed'];
      expect(await conformance(directory)).toEqual({ code: 1, lines });
    }
  });

  test('ends with 1 without a directory', async () => {
    expect((await conformance()).code).toBe(1);
  });
});
