import { inspect } from 'node:util';
import { Secret } from '@omemo-kit/primitives';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { hiddenKeys } from '../../src/hidden-keys.ts';
import { list, put, textAt, write } from '../support/batches.ts';
import { storeError } from '../support/errors.ts';
import { cheap, HEADER, key } from '../support/keys.ts';

const passphrase = 'correct horse battery staple';

/** Everything that the store below holds, in one text of a character a byte. */
function everything(memory: SharedMemory): string {
  return memory
    .snapshot()
    .map((record) => `${record.key}\n${Array.from(record.value, (byte) => String.fromCharCode(byte)).join('')}\n`)
    .join('');
}

test('nothing of names, values, data key or passphrase is in the store below', async () => {
  const memory = new SharedMemory();
  const store = await EncryptedStore.open({ store: memory.open(), passphrase, argon2: cheap });
  const people = ['juliet%40capulet.example', 'romeo%40montague.example', 'nurse%40capulet.example'];
  const names = people.flatMap((jid, i) =>
    ['identity', 'device-list', 'trust', 'inbox', 'session'].map(
      (kind) => `${jid}/${kind}/${people[(i + 1) % 3]}/31415`,
    ),
  );
  const values = names.map((_, i) => `wherefore art thou number ${i}, plainly written`);
  await write(store, ...names.map((name, i) => put(name, values[i])));
  await store.changePassphrase({ passphrase: `${passphrase} 2`, argon2: cheap });
  const found = everything(memory);
  const segments = new Set(names.flatMap((name) => name.split('/')));
  for (const text of [...segments, ...values, 'wherefore', 'plainly', passphrase, 'correct', 'battery'])
    expect([text, found.includes(text)]).toEqual([text, false]);
  expect(await textAt(store, names[7]!)).toBe(values[7]);
});

test('equal records look different each time they are written', async () => {
  const memory = new SharedMemory();
  const store = await EncryptedStore.open({ store: memory.open(), key });
  const value = async (): Promise<string> => {
    const id = new Uint8Array(16);
    await store.commit({ id, expect: [], put: [put('a/b', 'the same')], remove: [] });
    return String(memory.snapshot().find((record) => record.key !== HEADER)!.value);
  };
  expect(new Set([await value(), await value(), await value()])).toHaveLength(3);
});

test('hidden keys: prefixes stay prefixes, equal names under different parents do not look alike', () => {
  const { hide, hidePrefix } = hiddenKeys(new Secret(key));
  expect(hide('a/b/c')).toMatch(/^[\w-]{22}\/[\w-]{22}\/[\w-]{22}$/);
  expect(hide('a/b/c').startsWith(`${hide('a/b')}/`)).toBe(true);
  expect(hidePrefix('a/b')).toBe(hide('a/b'));
  const segmentsOf = (name: string): string[] => hide(name).split('/');
  const all = ['x/same/same', 'y/same', 'same/x'].flatMap(segmentsOf);
  expect(new Set(all)).toHaveLength(all.length);
  expect(hide('ab/c')).not.toBe(hide('a/bc'));
  expect(hiddenKeys(new Secret(new Uint8Array(32))).hide('a')).not.toBe(hide('a'));
});

test('hidden keys have a bounded length, and very deep ones are listed all the same', async () => {
  const { hide } = hiddenKeys(new Secret(key));
  const deep = (segments: number): string => Array.from({ length: segments }, (_, i) => `s${i}`).join('/');
  expect(hide(deep(16))).toHaveLength(367);
  expect(hide(deep(500))).toHaveLength(367);
  expect(hide('x'.repeat(100_000))).toHaveLength(22);
  const store = await EncryptedStore.open({ store: new SharedMemory().open(), key });
  const depths = [14, 15, 16, 17, 18, 30];
  await write(store, ...depths.map((depth) => put(deep(depth))), put(`${deep(15)}/s15-other`));
  for (const depth of [...depths, 19]) {
    const inside = depths.filter((each) => each >= depth).map(deep);
    const wanted = depth <= 15 ? [...inside, `${deep(15)}/s15-other`].sort() : inside;
    expect((await list(store, deep(depth))).map((record) => record.key)).toEqual(wanted);
  }
});

test('no secret shows when a store is printed', async () => {
  const store = await EncryptedStore.open({ store: new SharedMemory().open(), passphrase, argon2: cheap });
  expect(inspect(store, { depth: 9, showHidden: true })).toMatch(/^EncryptedStore \{\s*\}$/);
  expect(JSON.stringify(store)).toBe('{}');
  expect(structuredClone(store)).toEqual({});
  const error = await storeError(store.get(['not a key']));
  expect(inspect(error)).not.toContain(passphrase);
});

test('a conflict names the real keys', async () => {
  const store = await EncryptedStore.open({ store: new SharedMemory().open(), key });
  await write(store, put('alice/a'), put('alice/b'));
  const revision = new Uint8Array(16);
  const expected = ['alice/b', 'alice/c', 'alice/a'].map((each) => ({ key: each, revision }));
  const error = await storeError(store.commit({ id: revision, expect: expected, put: [], remove: [] }));
  expect(error.code).toBe('conflict');
  expect([...error.keys].sort()).toEqual(['alice/a', 'alice/b', 'alice/c']);
});

test('closing closes the store below', async () => {
  const inner = new SharedMemory().open();
  const store = await EncryptedStore.open({ store: inner, key });
  await store.close();
  expect((await storeError(inner.get(['a']))).code).toBe('closed');
});

test('an encrypted store lies over an encrypted store', async () => {
  const memory = new SharedMemory();
  const below = await EncryptedStore.open({ store: memory.open(), key });
  const above = await EncryptedStore.open({ store: below, passphrase, argon2: cheap });
  await write(above, put('alice/identity', 'hers'));
  expect((await list(above, 'alice')).map((record) => record.key)).toEqual(['alice/identity']);
  expect((await list(above, '')).map((record) => record.key)).toEqual(['alice/identity']);
});
