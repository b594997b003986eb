import { StoreError } from '@omemo-kit/omemo-core/ports';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import type { Unlock } from '../../src/unlock.ts';
import { put, textAt, write } from '../support/batches.ts';
import { codeOf, storeError } from '../support/errors.ts';
import { cheap, HEADER, key, otherKey } from '../support/keys.ts';
import { open } from '../support/open.ts';

const old = { passphrase: 'the old one', argon2: cheap };
const next = { passphrase: 'the next one', argon2: cheap };

async function filled(unlock: Unlock): Promise<{ memory: SharedMemory; store: EncryptedStore }> {
  const memory = new SharedMemory();
  const store = await open(memory, unlock);
  await write(store, put('alice/identity', 'hers'), put('alice/bundle'));
  return { memory, store };
}

async function read(memory: SharedMemory, unlock: Unlock): Promise<string | undefined> {
  return textAt(await open(memory, unlock), 'alice/identity');
}

describe('a change of the passphrase', () => {
  test('rewrites the header and nothing else', async () => {
    const { memory, store } = await filled(old);
    const before = memory.snapshot();
    await store.changePassphrase(next);
    const after = memory.snapshot();
    const isRecord = ({ key }: { key: string }) => key !== HEADER;
    expect(after.filter(isRecord)).toEqual(before.filter(isRecord));
    expect(after.find((record) => !isRecord(record))).not.toEqual(before.find((record) => !isRecord(record)));
    expect(await read(memory, next)).toBe('hers');
    expect(await codeOf(read(memory, old))).toBe('wrong-key');
  });

  test('to the same passphrase draws a new salt', async () => {
    const { memory, store } = await filled(old);
    const salt = () =>
      memory
        .snapshot()
        .find((record) => record.key === HEADER)!
        .value.slice(13, 29);
    const before = salt();
    await store.changePassphrase(old);
    expect(salt()).not.toEqual(before);
    expect(await read(memory, old)).toBe('hers');
  });

  test('to a master key and back', async () => {
    const { memory, store } = await filled(old);
    await store.changeKey({ key });
    expect(await read(memory, { key })).toBe('hers');
    expect(await codeOf(read(memory, old))).toBe('wrong-key');
    await store.changeKey({ key: otherKey });
    expect(await codeOf(read(memory, { key }))).toBe('wrong-key');
    await store.changePassphrase(next);
    expect(await read(memory, next)).toBe('hers');
    expect(await codeOf(read(memory, { key: otherKey }))).toBe('wrong-key');
  });

  test('leaves stores that are open working, on the same records', async () => {
    const { memory, store } = await filled(old);
    const other = await EncryptedStore.open({ store: memory.open(), ...old });
    await store.changePassphrase(next);
    await write(other, put('alice/identity', 'changed'));
    expect(await textAt(store, 'alice/identity')).toBe('changed');
  });

  test('of two, in two stores, the second is a conflict; opened again it can', async () => {
    const { memory, store } = await filled({ key });
    const other = await EncryptedStore.open({ store: memory.open(), key });
    await store.changePassphrase(next);
    const error = await storeError(other.changePassphrase(old));
    expect([error.code, error.keys]).toEqual(['conflict', []]);
    expect(await read(memory, next)).toBe('hers');
    const again = await EncryptedStore.open({ store: memory.open(), ...next });
    await again.changePassphrase(old);
    expect(await read(memory, old)).toBe('hers');
  });

  test('of several at once one holds', async () => {
    const { memory, store } = await filled({ key });
    const texts = ['one', 'two', 'three'];
    const outcomes = await Promise.all(
      texts.map((passphrase) => codeOf(store.changePassphrase({ passphrase, argon2: cheap }))),
    );
    expect([...outcomes].sort()).toEqual(['conflict', 'conflict', 'resolved']);
    expect(await read(memory, { passphrase: texts[outcomes.indexOf('resolved')]! })).toBe('hers');
  });

  test('that is wrong in itself, or comes after close, changes nothing', async () => {
    const { memory, store } = await filled(old);
    const before = memory.snapshot();
    expect(await codeOf(store.changePassphrase({ passphrase: '' }))).toBe('invalid-batch');
    expect(await codeOf(store.changeKey({ key: key.subarray(1) }))).toBe('invalid-batch');
    await store.close();
    expect(await codeOf(store.changePassphrase(next))).toBe('closed');
    expect(memory.snapshot()).toEqual(before);
  });

  test('whose commit got no answer is looked up', async () => {
    const memory = new SharedMemory();
    let isDying = false;
    const inner = memory.open({
      pause: ({ operation, when }) => {
        if (isDying && operation === 'commit' && when === 'after')
          throw new StoreError('indeterminate', 'the connection died');
      },
    });
    const store = await EncryptedStore.open({ store: inner, key });
    isDying = true;
    await store.changeKey({ key: otherKey });
    await store.changeKey({ key });
    expect(await codeOf(EncryptedStore.open({ store: memory.open(), key }))).toBe('resolved');
  });
});

describe('an opener that races with a change', () => {
  test('finds the new passphrase right, although it had read the old header', async () => {
    const { memory, store } = await filled(old);
    let changing: Promise<void> | undefined;
    const inner = memory.open({
      pause: async ({ operation, when }) => {
        // Between its reading of the old header and what it makes of it.
        if (operation !== 'get' || when !== 'after') return;
        changing ??= store.changePassphrase(next);
        await changing;
      },
    });
    const opened = await EncryptedStore.open({ store: inner, ...next });
    expect(await textAt(opened, 'alice/identity')).toBe('hers');
  });

  test('opens with the old passphrase or is told that it is wrong, and never anything else', async () => {
    const { memory, store } = await filled(old);
    const openers = Array.from({ length: 4 }, () =>
      codeOf(EncryptedStore.open({ store: memory.open({ pause: 'macrotask' }), ...old })),
    );
    await store.changePassphrase(next);
    for (const outcome of await Promise.all(openers)) expect(['resolved', 'wrong-key']).toContain(outcome);
    expect(await codeOf(read(memory, old))).toBe('wrong-key');
  });
});
