import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store, StoredRecord } from '@omemo-kit/omemo-core';
import { EncryptedStore } from '@omemo-kit/storage-encrypted';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { SqliteStore } from '@omemo-kit/storage-sqlite';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { storedSecrets } from '../../src/stored-secrets.ts';
import { World } from '../../src/world.ts';

const key = new Uint8Array(32).fill(9);

/** Opens the store of a folder anew each time, as a restart of the application does. */
type Opener = (folder: string) => Promise<Store>;

const memories = new Map<string, SharedMemory>();
const inMemory: Opener = async (folder) => {
  const memory = memories.get(folder) ?? new SharedMemory();
  memories.set(folder, memory);
  return memory.open();
};
const stores: Readonly<Record<string, Opener>> = {
  'SQLite by node:sqlite': (folder) => SqliteStore.open({ file: join(folder, 'omemo.sqlite') }),
  'SQLite by better-sqlite3': (folder) => SqliteStore.open({ file: join(folder, 'omemo.sqlite'), Database }),
  'memory, sealed': async (folder) => EncryptedStore.open({ store: await inMemory(folder), key }),
  'SQLite, sealed': async (folder) =>
    EncryptedStore.open({ store: await SqliteStore.open({ file: join(folder, 'omemo.sqlite') }), key }),
};

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'omemo-kit-stores-'));
  onTestFinished(async () => {
    memories.delete(folder);
    await rm(folder, { recursive: true });
  });
  return folder;
}

async function everything(store: Store): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const record of store.list('')) records.push(record);
  return records;
}

/** Alice on the store talks to Bob, misses messages, is restarted again and again, and ends with nothing waiting. */
async function liveOn(folder: string, open: Opener) {
  const world = new World();
  let store = await open(folder);
  const alice = await world.client('alice@example.org/phone', { store });
  const bob = await world.client('bob@example.net/desk');
  const restart = async () => {
    await alice.omemo.close();
    await store.close();
    store = await open(folder);
    await alice.crash({ store });
    await alice.omemo.start();
  };
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  const spent = new Set<string>();
  for (let round = 0; round < 6; round++) {
    await alice.say(bob.jid, `alice ${round}`);
    for (let n = 0; n < 4; n++) await bob.say(alice.jid, `bob ${round}.${n}`);
    if (round === 2) await bob.omemo.replaceSessions({ jid: alice.jid });
    await world.calm();
    for (const secret of storedSecrets(await everything(store), alice.jid).others) spent.add(secret);
    const unacknowledged = (await alice.omemo.inbox()).map(({ id }) => id);
    await restart();
    expect((await alice.omemo.inbox()).map(({ id }) => id)).toEqual(unacknowledged);
    await alice.omemo.ack(unacknowledged);
  }
  await world.calm();
  expect(await alice.omemo.inbox()).toEqual([]);
  expect(await alice.omemo.outbox()).toEqual([]);
  const rounds = [0, 1, 2, 3, 4, 5];
  expect(bob.texts).toEqual(rounds.map((round) => `alice ${round}`));
  expect(alice.texts).toEqual(rounds.flatMap((round) => [0, 1, 2, 3].map((n) => `bob ${round}.${n}`)));
  const records = await everything(store);
  const { identity, others } = storedSecrets(records, alice.jid);
  await alice.omemo.close();
  await store.close();
  return { alice, bob, records, identity, left: new Set(others), spent };
}

describe.each(Object.entries(stores))('an account on %s', (_, open) => {
  test('lives through restarts: every message once, in order, nothing waiting at the end', async () => {
    await liveOn(await scratch(), open);
  });
});

/** All bytes that lie in the folder. */
function onDisk(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

const has = (bytes: Buffer, hex: string) => bytes.includes(Buffer.from(hex, 'hex'));

describe('what lies on the disk', () => {
  test.each(['SQLite by node:sqlite', 'SQLite by better-sqlite3'])(
    '%s: keys that were used are gone from the file, not only from the table (S63)',
    async (name) => {
      const folder = await scratch();
      const { identity, left, spent } = await liveOn(folder, stores[name]!);
      const bytes = onDisk(folder);
      expect(has(bytes, identity)).toBe(true);
      const gone = [...spent].filter((secret) => !left.has(secret));
      expect(gone.length).toBeGreaterThan(20);
      for (const secret of gone) expect(has(bytes, secret)).toBe(false);
    },
  );

  test('sealed: neither keys nor names nor texts are to be found', async () => {
    const folder = await scratch();
    const { alice, bob, records, identity, left, spent } = await liveOn(folder, stores['SQLite, sealed']!);
    const bytes = onDisk(folder);
    for (const secret of [identity, ...left, ...spent]) expect(has(bytes, secret)).toBe(false);
    for (const name of [alice, bob].flatMap(({ jid }: Client) => [jid, encodeURIComponent(jid)])) {
      expect(bytes.includes(name)).toBe(false);
    }
    for (const { key: name } of records) expect(bytes.includes(name)).toBe(false);
  });
});
