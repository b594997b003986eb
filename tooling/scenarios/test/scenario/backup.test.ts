import { Omemo } from '@omemo-kit/omemo-core';
import { exportBackup, restoreBackup } from '@omemo-kit/omemo-core/backup';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body } from '../../src/stanzas.ts';
import { storedSecrets } from '../../src/stored-secrets.ts';
import { World } from '../../src/world.ts';

const plain = { protection: 'none-i-protect-the-bytes-myself' } as const;
const key = { protection: { key: Uint8Array.from({ length: 32 }, (_, index) => index) } } as const;
const passphrase = { protection: { passphrase: 'correct horse battery staple' } } as const;

/** Alice who has verified Bob, distrusts Mallory's key and has talked; her phone is lost with its store. */
async function lostPhone() {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const mallory = await world.client('mallory@example.com/x');
  await mallory.omemo.start();
  await mallory.say(alice.jid, 'hm');
  await world.calm();
  await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
  await alice.omemo.setTrust({ jid: mallory.jid, identityKey: mallory.omemo.identityKey, level: 'distrusted' });
  return { world, alice, bob, mallory };
}

async function newPhone(world: World, memory: SharedMemory): Promise<Client> {
  return world.client('alice@example.org/new-phone', { memory });
}

describe('a backup restored on a new phone', () => {
  test('is the same identity as a new device with new sessions, and the lost one is gone', async () => {
    const { world, alice, bob, mallory } = await lostPhone();
    const backup = await exportBackup({ store: alice.memory.open(), jid: alice.jid, ...key });
    const lost = alice.omemo.deviceId;
    await bob.say(alice.jid, 'after the backup');
    await world.calm();
    alice.connection.disconnect();
    world.clients.splice(world.clients.indexOf(alice), 1);

    const memory = new SharedMemory();
    const restored = await restoreBackup({ store: memory.open(), backup, ...key, oldDevice: 'gone' });
    const phone = await newPhone(world, memory);
    expect(phone.omemo).toMatchObject({ jid: restored.jid, deviceId: restored.deviceId });
    expect(phone.omemo.deviceId).not.toBe(lost);
    expect(phone.omemo.identityKey).toEqual(alice.omemo.identityKey);
    await phone.omemo.start();
    await world.calm();

    await phone.say(bob.jid, 'new phone');
    await world.calm();
    await bob.say(phone.jid, 'same you, I see');
    await world.calm();
    expect([bob.texts.at(-1), phone.texts]).toEqual(['new phone', ['same you, I see']]);
    const devices = await bob.omemo.devices(phone.jid, { refresh: 'always' });
    expect(devices.filter(({ listed }) => listed).map(({ deviceId }) => deviceId)).toEqual([phone.omemo.deviceId]);
    expect((await phone.omemo.devices(bob.jid)).map(({ trust }) => trust)).toEqual(['verified']);
    expect((await phone.omemo.devices(mallory.jid)).map(({ trust }) => trust)).toEqual(['distrusted']);
  });

  test('pre-key ids go on above what the old device published after the backup (S13)', async () => {
    const { world, alice, bob } = await lostPhone();
    const backup = await exportBackup({ store: alice.memory.open(), jid: alice.jid, ...plain });
    for (let round = 0; round < 30; round++) {
      await bob.omemo.replaceSessions({ jid: alice.jid });
      await bob.say(alice.jid, `round ${round}`);
      await world.quiet();
    }
    await world.calm();
    const published = await publishedIds(bob, alice.jid, alice.omemo.deviceId);
    alice.connection.disconnect();
    world.clients.splice(world.clients.indexOf(alice), 1);
    const memory = new SharedMemory();
    await restoreBackup({ store: memory.open(), backup, ...plain, oldDevice: 'gone', limits: { preKeys: 25 } });
    const phone = await newPhone(world, memory);
    await phone.omemo.start();
    const now = await publishedIds(bob, phone.jid, phone.omemo.deviceId);
    expect(Math.min(...now)).toBeGreaterThan(Math.max(...published));
    await bob.say(phone.jid, 'found you');
    await world.calm();
    expect(phone.texts).toEqual(['found you']);
  });

  test('beside the old device, which is kept, each reads what is sent to both', async () => {
    const { world, alice, bob } = await lostPhone();
    const backup = await exportBackup({ store: alice.memory.open(), jid: alice.jid, ...plain });
    const memory = new SharedMemory();
    await restoreBackup({ store: memory.open(), backup, ...plain, oldDevice: 'kept' });
    const second = await newPhone(world, memory);
    await second.omemo.start();
    await world.calm();
    await bob.omemo.devices(alice.jid, { refresh: 'always' });
    await bob.say(alice.jid, 'to both');
    await second.say(bob.jid, 'from the second');
    await world.calm();
    expect([alice.texts.at(-1), second.texts.at(-1)]).toContain('to both');
    expect(second.texts).toContain('to both');
    expect(bob.texts.at(-1)).toBe('from the second');
    await second.say(alice.jid, 'note to self');
    await world.calm();
    expect(alice.texts.at(-1)).toBe('note to self');
  });
});

describe('the file', () => {
  async function lostStore() {
    const { alice } = await lostPhone();
    return alice;
  }

  const sealedBackup = (alice: Client) => exportBackup({ store: alice.memory.open(), jid: alice.jid, ...passphrase });

  const restore = (backup: Uint8Array, options: Pick<Parameters<typeof restoreBackup>[0], 'protection'>) =>
    restoreBackup({ store: new SharedMemory().open(), backup, ...options, oldDevice: 'gone' });

  test('opens with its passphrase and with nothing else', async () => {
    const sealed = await sealedBackup(await lostStore());
    await restore(sealed, passphrase);
    await expect(restore(sealed, { protection: { passphrase: 'guess' } })).rejects.toMatchObject({
      code: 'backup-unreadable',
    });
    await expect(restore(sealed, key)).rejects.toMatchObject({ code: 'backup-unreadable' });
    await expect(restore(sealed, plain)).rejects.toMatchObject({ code: 'backup-unreadable' });
  });

  test.each([
    ['a key', key],
    ['nothing', plain],
  ])('protected by %s, changed or cut anywhere, is refused and nothing is written', async (_, options) => {
    const alice = await lostStore();
    const backup = await exportBackup({ store: alice.memory.open(), jid: alice.jid, ...options });
    const memory = new SharedMemory();
    const attempt = (file: Uint8Array) =>
      restoreBackup({ store: memory.open(), backup: file, ...options, oldDevice: 'gone' });
    for (let index = 0; index < backup.length; index++) {
      const flipped = backup.with(index, backup[index]! ^ 1);
      const error = await attempt(flipped).then(
        () => 'restored',
        (reason: { code?: string }) => reason.code,
      );
      expect(['backup-unreadable', 'newer-schema']).toContain(error);
      await expect(attempt(backup.subarray(0, index))).rejects.toMatchObject({ code: 'backup-unreadable' });
    }
    expect(memory.snapshot()).toEqual([]);
  });

  test('of a newer release is refused by that name', async () => {
    const alice = await lostStore();
    const backup = await exportBackup({ store: alice.memory.open(), jid: alice.jid, ...plain });
    const newer = backup.with(20, backup[20]! + 1);
    await expect(restore(newer, plain)).rejects.toMatchObject({ code: 'newer-schema' });
  });

  test('holds no session, no private pre-key and no message (S28)', async () => {
    const alice = await lostStore();
    const backup = await exportBackup({ store: alice.memory.open(), jid: alice.jid, ...plain });
    const hex = Buffer.from(backup).toString('hex');
    const { identity, others } = storedSecrets(alice.memory.snapshot(), alice.jid);
    expect(hex).toContain(identity);
    expect(others.length).toBeGreaterThan(30);
    for (const secret of others) expect(hex).not.toContain(secret);
  });

  test('sealed shows neither secret nor contact', async () => {
    const alice = await lostStore();
    const sealed = await sealedBackup(alice);
    const hex = Buffer.from(sealed).toString('hex');
    const { identity } = storedSecrets(alice.memory.snapshot(), alice.jid);
    for (const secret of [identity, Buffer.from('bob@').toString('hex')]) expect(hex).not.toContain(secret);
  });

  test('is not restored over a device that is there, nor made of one that is not', async () => {
    const alice = await lostStore();
    const sealed = await sealedBackup(alice);
    const store = alice.memory.open();
    const before = alice.memory.snapshot();
    await expect(restoreBackup({ store, backup: sealed, ...passphrase, oldDevice: 'gone' })).rejects.toMatchObject({
      code: 'account-exists',
    });
    expect(alice.memory.snapshot()).toEqual(before);
    await expect(exportBackup({ store, jid: 'nobody@example.org', ...plain })).rejects.toMatchObject({
      code: 'invalid-argument',
    });
    for (const protection of [undefined, 'none', {}, { passphrase: '' }] as never[]) {
      await expect(exportBackup({ store, jid: alice.jid, protection })).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    }
  });

  test('of a rolled-back store can be made, and is the way to another machine', async () => {
    const world = new World();
    const [bob, carol] = await world.started('bob@example.net/desk', 'carol@example.com/desk');
    const snapshot = bob.memory.snapshot();
    await bob.omemo.rotateSignedPreKey();
    await bob.omemo.settle();
    bob.memory.restore(snapshot);
    await bob.crash();
    await expect(bob.omemo.start()).rejects.toMatchObject({ code: 'store-rolled-back' });
    const backup = await exportBackup({ store: bob.memory.open(), jid: bob.jid, ...key });
    const memory = new SharedMemory();
    await restoreBackup({ store: memory.open(), backup, ...key, oldDevice: 'gone' });
    await bob.crash({ store: memory.open() });
    await bob.omemo.start();
    await carol.say(bob.jid, 'hi');
    await world.calm();
    expect(bob.texts).toEqual(['hi']);
  });
});

test('a foreign identity, by seed or scalar, is gone on with and backed up', async () => {
  const { identityKeyPairFromScalar } = await import('@omemo-kit/omemo-core');
  const world = new World();
  const bob = await world.client('bob@example.net/desk');
  await bob.omemo.start();
  const scalar = Uint8Array.from({ length: 32 }, (_, index) => (index * 7 + 3) % 256);
  const identityKeyPair = identityKeyPairFromScalar(scalar);
  const memory = new SharedMemory();
  const alice = await world.client('alice@example.org/import', { memory, device: { identityKeyPair } });
  await alice.omemo.start();
  const backup = await exportBackup({ store: memory.open(), jid: alice.jid, ...key });
  const restored = new SharedMemory();
  await restoreBackup({ store: restored.open(), backup, ...key, oldDevice: 'gone' });
  await alice.crash({ store: restored.open() });
  expect(alice.omemo).toBeInstanceOf(Omemo);
  expect(alice.omemo.identityKey).toEqual(identityKeyPair.publicKey);
  await alice.omemo.start();
  await alice.omemo.send({ to: bob.jid, content: [body('imported')] });
  await world.calm();
  expect(bob.texts).toEqual(['imported']);
});

async function publishedIds(client: Client, jid: string, deviceId: number): Promise<number[]> {
  const request = { jid, node: 'urn:xmpp:omemo:2:bundles', itemIds: [String(deviceId)] };
  const [item] = await client.connection.transport.fetch(request);
  const keys = item?.payload.getChild('prekeys')?.getChildren('pk') ?? [];
  return keys.map(({ attrs }) => Number(attrs['id']));
}
