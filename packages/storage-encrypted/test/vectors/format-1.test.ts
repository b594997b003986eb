import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { StoredRecord } from '@omemo-kit/omemo-core/ports';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import type { EncryptedStore } from '../../src/encrypted-store.ts';
import { batch, list, put, textAt, write } from '../support/batches.ts';
import { codeOf } from '../support/errors.ts';
import { HEADER, otherKey } from '../support/keys.ts';
import { open } from '../support/open.ts';
import { type DumpedRecord, type DumpedUnlock, readFormat1 } from '../support/reference-reader.ts';

interface Fixture {
  readonly unlock: DumpedUnlock;
  readonly stored: readonly DumpedRecord[];
  readonly records: readonly DumpedRecord[];
}

function restored({ key, version, revision, value }: DumpedRecord): StoredRecord {
  return { key, version, revision: Buffer.from(revision, 'hex'), value: Uint8Array.from(Buffer.from(value, 'hex')) };
}

function dumped({ key, version, revision, value }: StoredRecord): DumpedRecord {
  return { key, version, revision: Buffer.from(revision).toString('hex'), value: Buffer.from(value).toString('hex') };
}

describe.each(['format-1-key', 'format-1-passphrase'])('%s: a store that the first release wrote', (file) => {
  const fixture = JSON.parse(readFileSync(new URL(`data/${file}.json`, import.meta.url), 'utf8')) as Fixture;
  const { unlock, stored, records } = fixture;
  const memory = (): SharedMemory => {
    const filled = new SharedMemory();
    filled.restore(stored.map(restored));
    return filled;
  };
  const opened = (place: SharedMemory): Promise<EncryptedStore> =>
    open(place, 'key' in unlock ? { key: Uint8Array.from(Buffer.from(unlock.key, 'hex')) } : unlock);

  test('opens with every record, and opening writes nothing', async () => {
    const place = memory();
    const store = await opened(place);
    expect(records).toHaveLength(5);
    expect((await list(store, '')).map(dumped)).toEqual(records);
    expect((await store.get(records.map(({ key }) => key))).map((record) => record && dumped(record))).toEqual(records);
    expect(place.snapshot().map(dumped)).toEqual(stored);
  });

  test('can be written to, by the same names', async () => {
    const place = memory();
    const store = await opened(place);
    await write(store, put('nurse', 'changed'));
    await store.commit(batch({ remove: ['juliet%40capulet.example/empty'] }));
    expect(place.snapshot()).toHaveLength(stored.length - 1);
    expect(await textAt(await opened(place), 'nurse')).toBe('changed');
  });

  test('does not open with another key', async () => {
    expect(await codeOf(open(memory(), { key: otherKey }))).toBe('wrong-key');
  });

  test.skipIf('passphrase' in unlock && !('argon2Sync' in crypto))(
    'is what the README describes (a passphrase: Node 24.7 or newer)',
    () => {
      expect(readFormat1(unlock, stored)).toEqual(records);
    },
  );

  test('a store written now is of the same format', async () => {
    const place = new SharedMemory();
    const store = await opened(place);
    for (const record of records.map(restored))
      await store.commit(batch({ id: record.revision, put: [record] }));
    expect(place.snapshot().find(({ key }) => key === HEADER)?.version).toBe(1);
    const readable = !('passphrase' in unlock) || 'argon2Sync' in crypto;
    if (readable) expect(readFormat1(unlock, place.snapshot().map(dumped))).toEqual(records);
  });
});
