import { NODE_DEVICES } from '@omemo-kit/omemo-wire';
import { expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { World } from '../../src/world.ts';

/** Ids on the list of an account as a client has it, without asking anybody. */
const listedAt = async (client: Client, jid: string) =>
  (await client.omemo.devices(jid)).filter(({ listed }) => listed).map(({ deviceId }) => deviceId);
const byNumber = (ids: readonly number[]) => [...ids].sort((a, b) => a - b);

/** Holds what a client asks of an account's device list. */
const holdFetch = (world: World, asking: Client, of: string) =>
  world.server.faults.hold({
    direction: 'to-server',
    jid: asking.jid,
    matches: (stanza) => stanza.attrs['to'] === of && stanza.toString().includes(`items node="${NODE_DEVICES}"`),
  });

test('a list that is pushed while older ones are asked for is asked for again (R47, R48)', async () => {
  const world = new World();
  const [alice, carol, bob] = await world.started(
    'alice@example.org/desk',
    'carol@example.org/desk',
    'bob@example.net/desk',
  );
  // Both lists change, and Bob asks for them; that of Carol takes long.
  await alice.omemo.account.setLabel('desk');
  await carol.omemo.account.setLabel('desk');
  for (const { omemo } of [alice, carol]) expect(await omemo.settle()).toEqual([]);
  await world.quiet();
  const hold = holdFetch(world, bob, carol.jid);
  const settling = bob.omemo.settle();
  await expect.poll(() => hold.stanzas.length).toBe(1);

  const tablet = await world.client('alice@example.org/tablet');
  await tablet.omemo.start();
  await world.server.settle();
  await bob.idle();
  hold.stop();
  hold.release();
  expect(await settling).toEqual([]);
  await world.calm();
  expect(byNumber(await listedAt(bob, alice.jid))).toEqual(byNumber([alice.omemo.deviceId, tablet.omemo.deviceId]));
});

test('a list that is as before again while another one is asked for is not taken for that one (R47, R48)', async () => {
  const world = new World();
  const [alice, bob] = await world.started('alice@example.org/desk', 'bob@example.net/desk');
  const { deviceId } = alice.omemo;
  await alice.omemo.account.setLabel('desk');
  await alice.omemo.settle();
  await world.quiet();
  // The server's answer, with the label, is on its way for long.
  const hold = world.server.faults.hold({
    direction: 'to-client',
    jid: bob.jid,
    matches: (stanza) => stanza.is('iq') && stanza.toString().includes(`items node="${NODE_DEVICES}"`),
  });
  const settling = bob.omemo.settle();
  await expect.poll(() => hold.stanzas.length).toBe(1);
  await alice.omemo.account.setLabel(undefined);
  await alice.omemo.settle();
  await world.server.settle();
  await bob.idle();
  hold.stop();
  hold.release();
  expect(await settling).toEqual([]);
  await world.calm();
  const [listed] = await bob.omemo.devices(alice.jid);
  expect([listed?.deviceId, listed?.label]).toEqual([deviceId, undefined]);
});

test('a device that is taken off the own list while it reads that puts itself back (R57, R58)', async () => {
  const world = new World();
  const [phone] = await world.started('alice@example.org/phone');
  const tablet = await world.client('alice@example.org/tablet');
  await tablet.omemo.start();
  await world.calm();
  const both = byNumber([phone.omemo.deviceId, tablet.omemo.deviceId]);
  const onServer = async () => {
    const [item] = await tablet.connection.transport.fetch({ jid: tablet.jid, node: NODE_DEVICES });
    return byNumber((item?.payload.getChildren('device') ?? []).map(({ attrs }) => Number(attrs['id'])));
  };
  expect(await onServer()).toEqual(both);
  // With a new connection the phone reads its list; the answer is on its way for long.
  const hold = world.server.faults.hold({
    direction: 'to-client',
    jid: phone.connection.jid,
    matches: (stanza) => stanza.is('iq') && stanza.toString().includes(`items node="${NODE_DEVICES}"`),
  });
  await tablet.omemo.account.setLabel('tablet');
  await tablet.omemo.settle();
  await world.server.settle();
  await phone.idle();
  const settling = phone.omemo.settle();
  await expect.poll(() => hold.stanzas.length).toBe(1);
  await tablet.omemo.account.removeDevices([phone.omemo.deviceId]);
  expect(await onServer()).toEqual([tablet.omemo.deviceId]);
  await world.server.settle();
  await phone.idle();
  hold.stop();
  hold.release();
  expect(await settling).toEqual([]);
  await world.calm();
  expect(await onServer()).toEqual(both);
});
