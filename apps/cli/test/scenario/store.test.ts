import { mkdirSync, renameSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LoopbackServer } from '@omemo-kit/loopback';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import { describe, expect, test } from 'vitest';
import { cli } from '../../src/cli.ts';
import { demoCommand } from '../../src/commands/demo.ts';
import { type DemoStorage, openDemoStorage } from '../../src/demo/demo-storage.ts';
import { runDemo } from '../../src/demo/run-demo.ts';
import type { Scene } from '../../src/demo/scenes.ts';
import { capturedTerminal } from '../captured-terminal.ts';
import { runMain } from '../run-main.ts';
import { temporaryDataDirectory, temporaryDirectory } from '../temporary-directory.ts';

async function keysIn(file: string, prefix = ''): Promise<string[]> {
  const store = await SqliteStore.open({ file });
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  await store.close();
  return keys;
}

/** The storage of a demo whose data directory is in this one. */
async function storageIn(directory: string): Promise<DemoStorage & { readonly file: string }> {
  const surroundings = { platform: 'linux' as const, env: { XDG_DATA_HOME: directory }, home: undefined };
  const storage = await openDemoStorage({ kind: 'data-directory' }, surroundings);
  if (storage.place.kind !== 'sqlite') throw new TypeError('not in a file');
  return { ...storage, file: storage.place.file };
}

async function write(storage: DemoStorage): Promise<void> {
  const store = await storage.open();
  const put = [{ key: 'somebody/record', value: Uint8Array.of(1), version: 1 }];
  await store.commit({ id: crypto.getRandomValues(new Uint8Array(16)), expect: [], put, remove: [] });
  await store.close();
}

function play(storage: DemoStorage, tell: (scene: Scene) => Promise<void> = async () => {}): Promise<void> {
  return runDemo({ words: 'my own words', server: new LoopbackServer(), storage, tell });
}

test('a device that is switched off leaves its message in the file, and no longer has it once it was shown', async () => {
  const storage = await storageIn(await temporaryDirectory());
  const inboxes: string[][] = [];
  const scenes: Scene[] = [];
  await play(storage, async (scene) => {
    scenes.push(scene);
    const nothingShown =
      scene.type === 'exchange' &&
      scene.screens.some(({ name, shows }) => name.kind === 'laptop' && shows.length === 0);
    if (nothingShown || scene.type === 'restart') inboxes.push(await keysIn(storage.file, 'alice-laptop/inbox'));
  });
  storage.close();
  const restart = scenes.find((scene) => scene.type === 'restart');
  expect(restart?.unacknowledged).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  expect(inboxes).toEqual([[`alice-laptop/inbox/${restart?.unacknowledged[0]}`], []]);
});

describe('in the data directory', () => {
  test('the last line and the last object say where the records are, for this user alone', async () => {
    const data = await temporaryDataDirectory();
    const { code, out, error } = await runMain(['demo', 'x'], data);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const file = /, records in (.+\.sqlite)$/.exec(out.trimEnd())?.[1] ?? '';
    expect(file.startsWith(data.XDG_DATA_HOME)).toBe(true);
    const accounts = new Set((await keysIn(file)).map((key) => key.split('/')[0]));
    expect([...accounts]).toEqual(['alice-laptop', 'alice-phone', 'bob-laptop', 'bob-phone', 'bob-tablet']);
    if (process.platform === 'win32') return;
    const modes = [join(file, '..'), file].map(async (path) => ((await stat(path)).mode & 0o777).toString(8));
    expect(await Promise.all(modes)).toEqual(['700', '600']);
  });

  test('a demo starts anew in the same file, and what the last one left is there until then', async () => {
    const directory = await temporaryDirectory();
    const first = await storageIn(directory);
    await play(first);
    first.close();
    expect(await keysIn(first.file, 'bob-phone/identity')).toHaveLength(1);
    const second = await storageIn(directory);
    second.close();
    expect(second.file).toBe(first.file);
    expect(await keysIn(second.file)).toEqual([]);
    expect(await readdir(join(second.file, '..'))).toEqual(['demo.lock', 'demo.sqlite']);
  });

  test('two at once have a file each, and neither empties the other’s', async () => {
    const directory = await temporaryDirectory();
    const first = await storageIn(directory);
    await write(first);
    const second = await storageIn(directory);
    expect([first, second].map(({ file }) => basename(file))).toEqual(['demo.sqlite', 'demo-2.sqlite']);
    expect(await keysIn(first.file)).toEqual(['somebody/record']);
    first.close();
    second.close();
  });

  test.each([
    ['is damaged', Buffer.alloc(5_000, 'no database ')],
    ['is cut off', Buffer.from('SQLite format 3\0\u0010')],
  ])('a file that %s is replaced', async (_, bytes) => {
    const directory = await temporaryDirectory();
    const first = await storageIn(directory);
    first.close();
    await writeFile(first.file, bytes);
    const second = await storageIn(directory);
    await write(second);
    second.close();
    expect(await keysIn(second.file)).toEqual(['somebody/record']);
  });

  test('one that cannot be made ends in a sentence that says what to do, and 2', async () => {
    const { code, out, error } = await runMain(
      ['demo', 'x'],
      process.platform === 'darwin' ? { HOME: '/nowhere' } : {},
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(
      /^error: records cannot be kept .*\n--store memory keeps them in memory, --store FILE in a new file\n$/,
    );
  });
});

describe('in a file that is named', () => {
  test('it is made', async () => {
    const file = join(await temporaryDirectory(), 'mine.sqlite');
    const { code, out } = await runMain(['demo', '--store', file, '--json', 'x']);
    expect(code).toBe(0);
    expect(JSON.parse(out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      type: 'summary',
      records: { kind: 'sqlite', file },
    });
    expect(await keysIn(file, 'alice-phone/identity')).toHaveLength(1);
  });

  test('one that is there is left as it is', async () => {
    const file = join(await temporaryDirectory(), 'somebody’s.txt');
    await writeFile(file, 'a diary');
    const { code, out, error } = await runMain(['demo', '--store', file, 'x']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(`records cannot be kept in ${file}: EEXIST`);
    expect(await readFile(file, 'utf8')).toBe('a diary');
  });
});

test.skipIf(process.platform === 'win32')('a file that goes in the middle of it: a sentence, not a stack', async () => {
  const file = join(await temporaryDirectory(), 'mine.sqlite');
  const server = new LoopbackServer();
  const unwatch = server.watch(({ stanza }) => {
    if (stanza.attrs['id'] !== 'demo-1') return;
    unwatch();
    renameSync(file, `${file}.gone`);
    mkdirSync(file);
  });
  const { written, terminal } = capturedTerminal();
  expect(await cli(['demo', '--store', file, 'x'], terminal, [demoCommand(() => server)])).toBe(2);
  const [said, hint] = written.error.split('\n');
  expect(said).toMatch(/^error: records cannot be kept in .*mine\.sqlite: the database file cannot be [a-z ]+$/);
  expect(hint).toBe('--store memory keeps them in memory, --store FILE in a new file');
  expect(written.out).not.toContain('ok: ');
});
