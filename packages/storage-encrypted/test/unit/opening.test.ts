import { StoreError } from '@omemo-kit/omemo-core/ports';
import { Secret } from '@omemo-kit/primitives';
import { type MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import type { Unlock } from '../../src/unlock.ts';
import { batch, list, put, textAt, write } from '../support/batches.ts';
import { codeOf, storeError } from '../support/errors.ts';
import { cheap, HEADER, key, otherKey } from '../support/keys.ts';
import { open } from '../support/open.ts';

const passphrase = 'correct horse battery staple';

async function memoryUnder(unlock: Unlock): Promise<SharedMemory> {
  const memory = new SharedMemory();
  const store = await open(memory, unlock);
  await write(store, put('alice/identity', 'hers'));
  await store.close();
  return memory;
}

describe('the key', () => {
  test('opens as bytes and as Secret, and no other does', async () => {
    const memory = await memoryUnder({ key });
    const before = memory.snapshot();
    expect(await textAt(await open(memory, { key: new Secret(key) }), 'alice/identity')).toBe('hers');
    expect(await codeOf(open(memory, { key: otherKey }))).toBe('wrong-key');
    expect((await storeError(open(memory, { passphrase }))).message).toBe(
      'this store takes a master key, not a passphrase',
    );
    expect(memory.snapshot()).toEqual(before);
  });

  test('a passphrase opens however it was typed, and no other does', async () => {
    const memory = await memoryUnder({ passphrase: 'caf\u00e9 \ufb01ve', argon2: cheap });
    const before = memory.snapshot();
    expect(await textAt(await open(memory, { passphrase: 'cafe\u0301 five' }), 'alice/identity')).toBe('hers');
    expect(await codeOf(open(memory, { passphrase: 'Caf\u00e9 five' }))).toBe('wrong-key');
    expect((await storeError(open(memory, { key }))).message).toBe('this store takes a passphrase, not a master key');
    expect(memory.snapshot()).toEqual(before);
  });

  test('the costs of a store that exists are its own', async () => {
    const memory = await memoryUnder({ passphrase, argon2: { ...cheap, iterations: 6 } });
    const store = await open(memory, { passphrase, argon2: cheap });
    expect(await textAt(store, 'alice/identity')).toBe('hers');
  });

  test('by default it is the second choice of RFC 9106', async () => {
    const memory = await memoryUnder({ passphrase });
    const header = memory.snapshot().find((record) => record.key === HEADER)!;
    const view = new DataView(header.value.buffer);
    expect([1, 5, 9].map((offset) => view.getUint32(offset))).toEqual([65_536, 3, 4]);
  });

  test('what cannot open anything is a mistake of the caller, and writes nothing', async () => {
    const memory = new SharedMemory();
    const wrong: readonly object[] = [
      {},
      { key, passphrase },
      { key: key.subarray(1) },
      { key: new Secret(new Uint8Array(33)) },
      { key: 'a key in text of thirty-two bytes' },
      { passphrase: '' },
      { passphrase: new Uint8Array(0) },
      { passphrase: 'half a \ud83d', argon2: cheap },
      { passphrase, argon2: { ...cheap, iterations: 4 } },
      { passphrase, argon2: { memoryKiB: 4 * 1024, iterations: 10, parallelism: 1 } },
      { passphrase, argon2: { memoryKiB: 2 ** 21, iterations: 1, parallelism: 1 } },
      { passphrase, argon2: { memoryKiB: 64 * 1024, iterations: 65, parallelism: 1 } },
      { passphrase, argon2: { ...cheap, parallelism: 65 } },
      { passphrase, argon2: { ...cheap, iterations: 5.5 } },
    ];
    for (const unlock of wrong)
      expect([unlock, await codeOf(open(memory, unlock as Unlock))]).toEqual([unlock, 'invalid-batch']);
    expect(memory.snapshot()).toEqual([]);
  });
});

describe('what is there', () => {
  test('a plain store is refused, not mixed with', async () => {
    const memory = new SharedMemory();
    await write(memory.open(), put('alice/identity', 'plain'));
    const before = memory.snapshot();
    const error = await storeError(open(memory, { key }));
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain('plain one');
    expect(memory.snapshot()).toEqual(before);
  });

  test('so is an encrypted one whose header was removed', async () => {
    const memory = await memoryUnder({ key });
    await memory.open().commit(batch({ remove: [HEADER] }));
    expect(await codeOf(open(memory, { key }))).toBe('corrupt');
  });

  test('a newer format is refused with nothing written', async () => {
    const memory = await memoryUnder({ key });
    memory.restore(memory.snapshot().map((record) => (record.key === HEADER ? { ...record, version: 2 } : record)));
    const before = memory.snapshot();
    expect(await codeOf(open(memory, { key }))).toBe('newer-schema');
    expect(await codeOf(open(memory, { passphrase }))).toBe('newer-schema');
    expect(memory.snapshot()).toEqual(before);
  });

  test.each([{ key }, { passphrase, argon2: cheap }])('a header with a byte changed is corrupt', async (unlock) => {
    const memory = await memoryUnder(unlock);
    const good = memory.snapshot();
    const { length } = good.find((record) => record.key === HEADER)!.value;
    for (let i = 0; i < length; i++) {
      memory.restore(changed(good, (value) => value.map((byte, at) => (at === i ? byte ^ 0x40 : byte))));
      expect([i, await codeOf(open(memory, unlock))]).toEqual([i, 'corrupt']);
    }
    for (const size of [0, 1, length - 1]) {
      memory.restore(changed(good, (value) => value.slice(0, size)));
      expect(await codeOf(open(memory, unlock))).toBe('corrupt');
    }
    memory.restore(good.map((record) => (record.key === HEADER ? { ...record, version: 0 } : record)));
    expect(await codeOf(open(memory, unlock))).toBe('corrupt');
  });

  test('a forged header cannot ask for all memory, nor for other costs', async () => {
    const memory = await memoryUnder({ passphrase, argon2: cheap });
    const good = memory.snapshot();
    const forged = async (offset: number, cost: number): Promise<string> => {
      const content = good.find((record) => record.key === HEADER)!.value.slice(0, -32);
      new DataView(content.buffer).setUint32(offset, cost);
      const checksum = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
      memory.restore(changed(good, () => Uint8Array.of(...content, ...checksum)));
      return codeOf(open(memory, { passphrase }));
    };
    expect(await forged(1, 0xffff_ffff)).toBe('corrupt');
    expect(await forged(1, 1024 * 1024)).toBe('corrupt');
    expect(await forged(5, 0xffff_ffff)).toBe('corrupt');
    expect(await forged(9, 0xffff_ffff)).toBe('corrupt');
    expect(await forged(1, 0)).toBe('corrupt');
    expect(await forged(5, 1)).toBe('corrupt');
    expect(await forged(5, 6)).toBe('wrong-key');
    expect(await forged(5, 5)).toBe('resolved');
  });
});

describe('creating', () => {
  test.each(['microtask', 'macrotask'] as const)('many at once end with one data key (%s)', async (pause) => {
    const memory = new SharedMemory();
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => EncryptedStore.open({ store: memory.open({ pause }), key })),
    );
    await Promise.all(stores.map((store, i) => write(store, put(`alice/${i}`))));
    for (const store of stores) expect(await list(store, 'alice')).toHaveLength(6);
    expect(memory.snapshot().filter((record) => record.key === HEADER)).toHaveLength(1);
  });

  test('with two passphrases at once one is the first, and the other one is wrong', async () => {
    const memory = new SharedMemory();
    const attempts = await Promise.all(
      ['one', 'two'].map((text) => codeOf(open(memory, { passphrase: text, argon2: cheap }))),
    );
    expect(attempts.sort()).toEqual(['resolved', 'wrong-key']);
  });

  test('a commit of the header without an answer is looked up', async () => {
    const memory = new SharedMemory();
    const dying = memory.open({
      pause: ({ operation, when }) => {
        if (operation === 'commit' && when === 'after') throw new StoreError('indeterminate', 'the connection died');
      },
    });
    await EncryptedStore.open({ store: dying, key });
    const before = memory.snapshot();
    await open(memory, { key });
    expect(memory.snapshot()).toEqual(before);

    const lost = new SharedMemory();
    const never = lost.open({
      pause: ({ operation }) => {
        if (operation === 'commit') throw new StoreError('indeterminate', 'the connection died');
      },
    });
    expect(await codeOf(EncryptedStore.open({ store: never, key }))).toBe('indeterminate');
    expect(lost.snapshot()).toEqual([]);
  });

  test('after a failure the store below is open for another try', async () => {
    const memory = await memoryUnder({ key });
    const store = memory.open();
    expect(await codeOf(EncryptedStore.open({ store, key: otherKey }))).toBe('wrong-key');
    expect(await textAt(await EncryptedStore.open({ store, key }), 'alice/identity')).toBe('hers');
  });
});

function changed(snapshot: MemorySnapshot, change: (value: Uint8Array) => Uint8Array): MemorySnapshot {
  return snapshot.map((record) => (record.key === HEADER ? { ...record, value: change(record.value) } : record));
}
