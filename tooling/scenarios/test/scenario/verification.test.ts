import type { IdentityChange, NewUndecidedDevices } from '@omemo-kit/omemo-core';
import { blindTrustBeforeVerification, manualTrust } from '@omemo-kit/omemo-core';
import { readVerificationUri } from '@omemo-kit/omemo-core/fingerprints';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { World } from '../../src/world.ts';

const ALICE = 'alice@example.org';
const BOB = 'bob@example.net';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';

const hexOf = (client: Client) => client.omemo.fingerprint.join('');
const trustIn = async (client: Client, jid: string) =>
  Object.fromEntries((await client.omemo.devices(jid)).map(({ deviceId, trust }) => [deviceId, trust]));

describe('verification by a URI (R128, R129)', () => {
  test('verifies what the devices show, and nothing more', async () => {
    const world = new World();
    const [alice, bob, tablet] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${BOB}/tablet`);
    const { deviceId } = bob.omemo;
    const uri = await bob.omemo.verificationUri();
    expect(uri).toBe(`xmpp:${BOB}?omemo2-sid-${deviceId}=${hexOf(bob)}`);
    expect(await alice.omemo.verify(uri)).toEqual({
      jid: BOB,
      devices: [{ deviceId, outcome: 'verified', identityKey: bob.omemo.identityKey, listed: true }],
    });
    expect(await trustIn(alice, BOB)).toEqual({ [deviceId]: 'verified', [tablet.omemo.deviceId]: 'trusted' });
  });

  test('a key that is another one verifies nothing, distrusts nothing, and is told', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const uri = `xmpp:${BOB}?omemo2-sid-${bob.omemo.deviceId}=${hexOf(alice)}`;
    await alice.omemo.devices(BOB);
    const before = alice.memory.snapshot();
    expect(await alice.omemo.verify(uri)).toMatchObject({ devices: [{ outcome: 'mismatch', listed: true }] });
    expect(alice.memory.snapshot()).toEqual(before);
    expect(await trustIn(alice, BOB)).toEqual({ [bob.omemo.deviceId]: 'trusted' });
  });

  test('a device that was not met is verified when it is, also after a restart; others wait then (S52)', async () => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`);
    const bob = await world.client(`${BOB}/desk`);
    await alice.omemo.start();
    const uri = await bob.omemo.verificationUri();
    expect(await alice.omemo.verify(uri)).toEqual({
      jid: BOB,
      devices: [{ deviceId: bob.omemo.deviceId, outcome: 'remembered', identityKey: undefined, listed: false }],
    });
    await alice.crash();
    const ghost = await world.client(`${BOB}/ghost`);
    await ghost.omemo.start();
    await bob.omemo.start();
    await world.calm();
    expect(await trustIn(alice, BOB)).toEqual({
      [bob.omemo.deviceId]: 'verified',
      [ghost.omemo.deviceId]: 'undecided',
    });
  });

  test('a key that a device changed to is accepted by it (S22)', async () => {
    const { alice, bob, world } = await withNewIdentity();
    await bob.say(ALICE, 'it is me');
    await world.quiet();
    await expect(alice.say(BOB, 'x')).rejects.toMatchObject({ code: 'undecided-devices' });
    expect(await alice.omemo.verify(await bob.omemo.verificationUri())).toMatchObject({
      devices: [{ outcome: 'verified' }],
    });
    await alice.say(BOB, 'I believe you');
    await world.calm();
    expect(bob.texts).toEqual(['I believe you']);
  });

  test('of the own account: this device is compared, the other one verified and carried on', async () => {
    const world = new World();
    const [phone, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    await phone.omemo.verify(await laptop.omemo.verificationUri());
    expect(await trustIn(phone, ALICE)).toMatchObject({ [laptop.omemo.deviceId]: 'verified' });
    const uri = await phone.omemo.verificationUri();
    expect(readVerificationUri(uri).devices.map(({ deviceId }) => deviceId)).toEqual([
      phone.omemo.deviceId,
      laptop.omemo.deviceId,
    ]);
    expect((await phone.omemo.verify(uri)).devices.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
    const forged = `xmpp:${ALICE}?omemo2-sid-${phone.omemo.deviceId}=${hexOf(laptop)}`;
    expect(await phone.omemo.verify(forged)).toMatchObject({ devices: [{ outcome: 'mismatch' }] });
  });

  test('what is no such URI is refused, with nothing changed', async () => {
    const world = new World();
    const [alice] = await world.pair();
    const before = alice.memory.snapshot();
    await expect(alice.omemo.verify(`xmpp:${BOB}`)).rejects.toMatchObject({ code: 'unreadable-uri' });
    expect(alice.memory.snapshot()).toEqual(before);
  });
});

/** Alice knows Bob's device, which is then made anew under its id. */
async function withNewIdentity() {
  const world = new World();
  const [alice, bob] = await world.pair();
  await alice.say(BOB, 'hello');
  await world.calm();
  const { deviceId, identityKey: old } = bob.omemo;
  bob.memory.restore([]);
  for (const node of [BUNDLES, 'urn:xmpp:omemo:2:devices']) {
    world.server.createNode({ jid: BOB, node, options: { 'pubsub#access_model': 'open', 'pubsub#max_items': 'max' } });
  }
  await bob.crash({ device: { deviceId } });
  await bob.omemo.start();
  await world.quiet();
  bob.results.length = 0;
  const changes: IdentityChange[] = [];
  alice.omemo.on('identity-changed', (change) => changes.push(change));
  return { world, alice, bob, old, changes };
}

describe('what waits for a person is told', () => {
  test('another identity key, in a key exchange: once, after the commit (S22)', async () => {
    const { world, alice, bob, old, changes } = await withNewIdentity();
    const told: unknown[] = [];
    alice.omemo.on('identity-changed', async ({ jid }) => told.push(await alice.omemo.devices(jid)));
    for (const text of ['one', 'two']) await bob.say(ALICE, text);
    await world.calm();
    const { deviceId, identityKey, fingerprint } = bob.omemo;
    const change = { jid: BOB, deviceId, oldKey: old, newKey: identityKey, newFingerprint: fingerprint };
    expect(changes).toMatchObject([change]);
    expect(told).toMatchObject([[{ deviceId, changed: true, trust: 'undecided' }]]);
  });

  test('another identity key, in a bundle (S22)', async () => {
    const { alice, bob, changes } = await withNewIdentity();
    await alice.omemo.replaceSessions({ jid: BOB });
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(alice.say(BOB, 'x')).rejects.toMatchObject({ code: 'undecided-devices' });
    }
    expect(changes).toMatchObject([{ jid: BOB, deviceId: bob.omemo.deviceId, newKey: bob.omemo.identityKey }]);
  });

  test('devices met for the first time, of contacts and of the own account (S51)', async () => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`, { trust: manualTrust });
    const events: NewUndecidedDevices[] = [];
    alice.omemo.on('undecided-devices', (event) => events.push(event));
    await alice.omemo.start();
    const laptop = await world.client(`${ALICE}/laptop`);
    const bob = await world.client(`${BOB}/desk`);
    for (const { omemo } of [laptop, bob]) await omemo.start();
    await world.calm();
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(alice.say(BOB, 'x')).rejects.toMatchObject({ code: 'undecided-devices' });
    }
    const told = events.map(({ jid, devices }) => [jid, devices.map(({ deviceId }) => deviceId)]);
    expect(told.sort()).toEqual([
      [ALICE, [laptop.omemo.deviceId]],
      [BOB, [bob.omemo.deviceId]],
    ]);
  });
});

describe('a policy of its own for one account', () => {
  test.each([
    ['manual', 'undecided'],
    ['trust-on-first-use', 'trusted'],
    ['default', 'trusted'],
  ] as const)('%s is remembered over a restart (S52)', async (policy, level) => {
    const world = new World();
    const [alice] = await world.started(`${ALICE}/phone`);
    await alice.omemo.setTrustPolicy({ jid: BOB, policy: 'manual' });
    await alice.omemo.setTrustPolicy({ jid: BOB, policy });
    await alice.crash({ trust: blindTrustBeforeVerification });
    const bob = await world.client(`${BOB}/desk`);
    const carol = await world.client('carol@example.com/desk');
    for (const { omemo } of [bob, carol]) await omemo.start();
    expect(await trustIn(alice, BOB)).toEqual({ [bob.omemo.deviceId]: level });
    expect(await trustIn(alice, carol.jid)).toEqual({ [carol.omemo.deviceId]: 'trusted' });
  });

  test('holds for our own other devices too', async () => {
    const world = new World();
    const [alice] = await world.started(`${ALICE}/phone`);
    await alice.omemo.setTrustPolicy({ jid: ALICE, policy: 'manual' });
    const laptop = await world.client(`${ALICE}/laptop`);
    await laptop.omemo.start();
    await world.calm();
    expect(await trustIn(alice, ALICE)).toMatchObject({ [laptop.omemo.deviceId]: 'undecided' });
  });

  test('that does not exist is refused', async () => {
    const world = new World();
    const [alice] = await world.started(`${ALICE}/phone`);
    const choice = { jid: BOB, policy: 'perhaps' as 'manual' };
    await expect(alice.omemo.setTrustPolicy(choice)).rejects.toMatchObject({ code: 'invalid-argument' });
  });
});

describe('one identity key under two accounts (S21)', () => {
  test('is flagged where keys are shown and where a decision is asked for; trust in one is none in the other', async () => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`, { trust: manualTrust });
    const bob = await world.client(`${BOB}/desk`);
    const mallory = await world.client('mallory@example.com/x');
    for (const { omemo } of [alice, bob, mallory]) await omemo.start();
    await world.calm();
    // Mallory publishes Bob's bundle as hers.
    const bundle = world.server.node(BOB, BUNDLES)!.items.get(String(bob.omemo.deviceId))!;
    const id = String(mallory.omemo.deviceId);
    await mallory.connection.transport.publish({ node: BUNDLES, item: { id, payload: bundle } });
    expect((await alice.omemo.devices(BOB))[0]).toMatchObject({ alsoOf: [] });
    await alice.omemo.setTrust({ jid: BOB, identityKey: bob.omemo.identityKey, level: 'verified' });
    expect((await alice.omemo.devices(mallory.jid))[0]).toMatchObject({ trust: 'undecided', alsoOf: [BOB] });
    expect((await alice.omemo.devices(BOB))[0]).toMatchObject({ trust: 'verified', alsoOf: [mallory.jid] });
    await expect(alice.say(mallory.jid, 'x')).rejects.toMatchObject({
      code: 'undecided-devices',
      details: { devices: [{ jid: mallory.jid, alsoOf: [BOB] }] },
    });
  });
});
