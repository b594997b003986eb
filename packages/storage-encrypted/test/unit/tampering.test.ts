import type { StoredRecord } from '@omemo-kit/omemo-core/ports';
import { type MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import { beforeEach, describe, expect, test } from 'vitest';
import { EncryptedStore } from '../../src/encrypted-store.ts';
import { batch, list, put, textAt, write } from '../support/batches.ts';
import { codeOf } from '../support/errors.ts';
import { HEADER, key } from '../support/keys.ts';

let memory: SharedMemory;
let store: EncryptedStore;

beforeEach(async () => {
  memory = new SharedMemory();
  store = await EncryptedStore.open({ store: memory.open(), key });
});

const isRecord = (record: StoredRecord): boolean => record.key !== HEADER;
const records = (): readonly StoredRecord[] => memory.snapshot().filter(isRecord);

function replace(change: (record: StoredRecord) => StoredRecord): void {
  memory.restore(memory.snapshot().map((record) => (isRecord(record) ? change(record) : record)));
}

/** Reading by key and by listing end the same way. */
async function outcomes(...keys: readonly string[]): Promise<readonly string[]> {
  return [...(await Promise.all(keys.map((each) => codeOf(store.get([each]))))), await codeOf(list(store, 'alice'))];
}

describe('a record that was changed', () => {
  test('in any byte, or cut, or made longer, is corrupt', async () => {
    await write(store, put('alice/trust/bob', 'verified'));
    const good: MemorySnapshot = memory.snapshot();
    const { length } = records()[0]!.value;
    for (let i = 0; i < length; i++) {
      replace((record) => ({ ...record, value: record.value.map((byte, at) => (at === i ? byte ^ 1 : byte)) }));
      expect([i, await outcomes('alice/trust/bob')]).toEqual([i, ['corrupt', 'corrupt']]);
      memory.restore(good);
    }
    for (let size = 0; size < length; size++) {
      replace((record) => ({ ...record, value: record.value.slice(0, size) }));
      expect([size, await outcomes('alice/trust/bob')]).toEqual([size, ['corrupt', 'corrupt']]);
      memory.restore(good);
    }
    replace((record) => ({ ...record, value: Uint8Array.of(...record.value, 0) }));
    expect(await outcomes('alice/trust/bob')).toEqual(['corrupt', 'corrupt']);
  });

  test('in its version or its revision is corrupt', async () => {
    await write(store, put('alice/trust/bob', 'verified', 3));
    const good = memory.snapshot();
    for (const version of [0, 2, 4, 0x0300]) {
      replace((record) => ({ ...record, version }));
      expect([version, await outcomes('alice/trust/bob')]).toEqual([version, ['corrupt', 'corrupt']]);
      memory.restore(good);
    }
    for (let i = 0; i < 16; i++) {
      replace((record) => ({ ...record, revision: record.revision.map((byte, at) => (at === i ? byte ^ 1 : byte)) }));
      expect([i, await outcomes('alice/trust/bob')]).toEqual([i, ['corrupt', 'corrupt']]);
      memory.restore(good);
    }
  });
});

describe('a record that was moved', () => {
  test('to the key of another of the same commit is corrupt, both ways', async () => {
    await write(store, put('alice/trust/bob', 'blindly'), put('alice/trust/eve', 'blindly'));
    const [first, second] = records();
    replace((record) =>
      record.key === first!.key ? { ...second!, key: first!.key } : { ...first!, key: second!.key },
    );
    expect(await outcomes('alice/trust/bob', 'alice/trust/eve')).toEqual(['corrupt', 'corrupt', 'corrupt']);
  });

  test('under another parent, to the place of the same name, is corrupt', async () => {
    await write(store, put('alice/trust/bob', 'verified'), put('carol/trust/bob', 'distrusted'));
    const keys = records().map((record) => record.key);
    for (const [from, to] of [keys, [...keys].reverse()]) {
      const good = memory.snapshot();
      memory.restore(
        good.map((record) => (record.key === to ? { ...good.find(({ key: at }) => at === from)!, key: to! } : record)),
      );
      expect(await codeOf(store.get(['alice/trust/bob', 'carol/trust/bob']))).toBe('corrupt');
      memory.restore(good);
    }
  });

  test('from an older revision into the place of a newer one is corrupt', async () => {
    await write(store, put('alice/session/bob', 'first'));
    const [older] = records();
    await write(store, put('alice/session/bob', 'second'));
    replace((record) => ({ ...record, value: older!.value }));
    expect(await outcomes('alice/session/bob')).toEqual(['corrupt', 'corrupt']);
  });

  test('from a store under another data key is corrupt', async () => {
    const elsewhere = new SharedMemory();
    const other = await EncryptedStore.open({ store: elsewhere.open(), key });
    const id = new Uint8Array(16).fill(1);
    await other.commit(batch({ id, put: [put('alice/identity', 'theirs')] }));
    await store.commit(batch({ id, put: [put('alice/identity', 'hers')] }));
    const [foreign] = elsewhere.snapshot().filter(isRecord);
    expect(foreign!.key).not.toBe(records()[0]!.key);
    replace((record) => ({ ...foreign!, key: record.key }));
    expect(await outcomes('alice/identity')).toEqual(['corrupt', 'corrupt']);
  });

  test('whole, with its own revision, back to an older state: that is not seen, and says so in the README', async () => {
    await write(store, put('alice/session/bob', 'first'));
    const before = memory.snapshot();
    await write(store, put('alice/session/bob', 'second'));
    memory.restore(before);
    expect(await textAt(store, 'alice/session/bob')).toBe('first');
  });
});

test('one corrupt record leaves the others readable and can be removed or overwritten', async () => {
  await write(store, put('alice/a', 'one'));
  const [bad] = records();
  await write(store, put('alice/b', 'two'));
  replace((record) => (record.key === bad!.key ? { ...record, value: record.value.map((byte) => byte ^ 1) } : record));
  expect(await outcomes('alice/a', 'alice/b')).toEqual(['corrupt', 'resolved', 'corrupt']);
  await write(store, put('alice/a', 'again'));
  expect(await textAt(store, 'alice/a')).toBe('again');
  replace((record) => (record.key === bad!.key ? { ...record, version: 9 } : record));
  await store.commit(batch({ remove: ['alice/a'] }));
  expect((await list(store, 'alice')).map((record) => record.key)).toEqual(['alice/b']);
});
