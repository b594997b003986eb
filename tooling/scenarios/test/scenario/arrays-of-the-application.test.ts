import { isOmemoError, manualTrust, textBody } from '@omemo-kit/omemo-core';
import { describe, expect, test } from 'vitest';
import { addressees, RoomScene, roomOf } from '../../src/room-scene.ts';
import { World } from '../../src/world.ts';

/** As a page does that hands a key on to a worker with its memory. */
const takeAway = (key: Uint8Array | undefined) => structuredClone(key, { transfer: [key!.buffer as ArrayBuffer] });

describe('an identity key that the application was given and took apart is none that is used', () => {
  test('of a device', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    for (const jid of [alice.jid, bob.jid]) {
      const [device] = await alice.omemo.devices(jid);
      const kept = Uint8Array.from(device!.identityKey!);
      takeAway(device!.identityKey);
      expect((await alice.omemo.devices(jid))[0]?.identityKey).toEqual(kept);
    }
    await alice.say(bob.jid, 'still for you');
    await world.calm();
    expect(bob.texts).toEqual(['still for you']);
  });

  test('of an audience', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { devices } = await alice.omemo.audience([bob.jid]);
    expect(devices).toHaveLength(1);
    for (const { identityKey } of devices) takeAway(identityKey);
    await alice.say(bob.jid, 'still for you');
    await world.calm();
    expect(bob.texts).toEqual(['still for you']);
  });

  test('of a sender', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { stanza } = await alice.omemo.encrypt({ to: bob.jid, content: [textBody('mine')] });
    stanza.attrs['from'] = alice.connection.jid;
    const result = await bob.omemo.receive(stanza);
    if (result.type !== 'message') return expect.fail(result.type);
    takeAway(result.sender.identityKey);
    await bob.say(alice.jid, 'still to you');
    await world.calm();
    expect(alice.texts).toEqual(['still to you']);
  });

  test('of its own', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    takeAway(alice.omemo.identityKey);
    await alice.omemo.rotateSignedPreKey();
    await alice.say(bob.jid, 'still me');
    await world.calm();
    expect(bob.texts).toEqual(['still me']);
  });

  test('of a device that waits for a decision, or was verified', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', { trust: manualTrust });
    const bob = await world.client('bob@example.net/desk');
    await alice.omemo.start();
    await bob.omemo.start();
    await world.calm();
    const error: unknown = await alice.say(bob.jid, 'may I?').catch((reason) => reason);
    if (!isOmemoError(error, 'undecided-devices')) return expect.fail(String(error));
    for (const { identityKey } of error.details.devices) takeAway(identityKey);
    const verified = await alice.omemo.verify(await bob.omemo.verificationUri());
    expect(verified.devices).toMatchObject([{ outcome: 'verified' }]);
    for (const { identityKey } of verified.devices) takeAway(identityKey);
    await alice.say(bob.jid, 'I may');
    await world.calm();
    expect(bob.texts).toEqual(['I may']);
  });

  test('of what a policy was asked about', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', {
      trust: {
        decide({ identityKey, known }) {
          takeAway(identityKey);
          for (const key of known) takeAway(key.identityKey);
          return 'trusted';
        },
      },
    });
    const bob = await world.client('bob@example.net/desk');
    const laptop = await world.client('bob@example.net/laptop');
    for (const { omemo } of [alice, bob, laptop]) await omemo.start();
    await world.calm();
    await alice.say(bob.jid, 'to both');
    await world.calm();
    expect([bob.texts, laptop.texts]).toEqual([['to both'], ['to both']]);
  });
});

test('an application that writes into what it was told of a room writes to nobody else', async () => {
  const world = new World();
  const [alice, , carol] = await world.started('alice@example.org/p', 'bob@example.net/p', 'carol@example.com/p');
  const scene = new RoomScene(world, { affiliations: { 'alice@example.org': 'owner', 'bob@example.net': 'member' } });
  await scene.enter(alice);
  const room = roomOf(alice);
  type Writable = { jid: string; affiliation: 'member' }[];
  const stranger = { jid: carol.jid, affiliation: 'member' } as const;
  const known = await room.known();
  if (known === undefined) return expect.fail('nothing is known of the room');
  (known.members as Writable).push(stranger);
  ((await room.refresh()).members as Writable).push(stranger);
  for (const member of (await room.members()) as Writable) member.jid = carol.jid;
  for (const occupant of room.occupants as unknown as Writable) occupant.jid = carol.jid;
  expect(room.occupants.map(({ jid }) => jid)).toEqual([alice.jid]);
  const { encrypted } = await scene.say(alice, 'for us two');
  expect(addressees(encrypted)).toEqual(['bob@example.net']);
});
