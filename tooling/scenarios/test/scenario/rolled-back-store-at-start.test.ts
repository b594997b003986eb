import { type Transport, TransportError } from '@omemo-kit/omemo-core';
import { expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { World } from '../../src/world.ts';

const node = 'urn:xmpp:omemo:2:bundles';
const isRefusal = expect.objectContaining({ code: 'store-rolled-back' });

async function published(client: Client, deviceId: number) {
  const items = await client.connection.transport.fetch({ jid: client.jid, node, itemIds: [String(deviceId)] });
  return items.find(({ id }) => id === String(deviceId))?.payload;
}

async function preKeys(client: Client, deviceId: number): Promise<Map<number, string>> {
  const keys = (await published(client, deviceId))?.getChild('prekeys')?.getChildren('pk') ?? [];
  return new Map(keys.map((key) => [Number(key.attrs['id']), key.text()]));
}

test('what is received before start does not publish an old bundle over the witness, nor answer', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const snapshot = alice.memory.snapshot();
  await alice.omemo.rotateSignedPreKey();
  await alice.omemo.settle();
  const before = String(await published(alice, alice.omemo.deviceId));
  alice.memory.restore(snapshot);
  await alice.crash();
  const carol = await world.client('carol@example.com/desk');
  await carol.omemo.start();
  await carol.say(alice.jid, 'before she started');
  await bob.say(alice.jid, 'me too');
  await world.quiet();
  const emitted = world.spent.emitted.filter(({ from }) => from === alice.jid).length;
  await expect(alice.omemo.settle()).rejects.toEqual(isRefusal);
  expect(String(await published(alice, alice.omemo.deviceId))).toBe(before);
  expect(world.spent.emitted.filter(({ from }) => from === alice.jid)).toHaveLength(emitted);
  await expect(alice.omemo.start()).rejects.toEqual(isRefusal);
});

test('a copy from before the first start is another device with other pre-keys', async () => {
  const world = new World();
  const alice = await world.client('alice@example.org/phone');
  const snapshot = alice.memory.snapshot();
  await alice.omemo.start();
  const first = alice.omemo.deviceId;
  const former = await preKeys(alice, first);
  alice.memory.restore(snapshot);
  await alice.crash();
  await alice.omemo.start();
  expect(alice.omemo.deviceId).not.toBe(first);
  const now = await preKeys(alice, alice.omemo.deviceId);
  expect(now.size).toBe(former.size);
  expect([...now.values()].filter((key) => [...former.values()].includes(key))).toEqual([]);
});

async function putBack(world: World): Promise<Client> {
  const [alice] = await world.acquainted();
  const snapshot = alice.memory.snapshot();
  await alice.omemo.rotateSignedPreKey();
  await alice.omemo.settle();
  alice.memory.restore(snapshot);
  await alice.crash();
  await expect(alice.omemo.start()).rejects.toEqual(isRefusal);
  return alice;
}

test('a server that invents an enormous pre-key id does not keep a healed device from starting', async () => {
  const alice = await putBack(new World());
  const itemId = String(alice.omemo.deviceId);
  const payload = (await published(alice, alice.omemo.deviceId))!;
  payload.getChild('prekeys')!.getChildren('pk')[0]!.attrs['id'] = '4294967295';
  await alice.connection.transport.publish({ node, item: { id: itemId, payload } });
  await alice.omemo.heal();
  await alice.omemo.start();
  expect((await preKeys(alice, alice.omemo.deviceId)).size).toBe(25);
});

test('a server that retracts nothing does not keep a healed device from starting', async () => {
  const alice = await putBack(new World());
  const { transport } = alice.connection;
  const retract: Transport['retract'] = () => Promise.reject(new TransportError('feature-not-implemented'));
  const original = transport.retract;
  transport.retract = retract;
  try {
    const { deviceId } = await alice.omemo.heal();
    await alice.omemo.start();
    await alice.omemo.start();
    const listed = (await alice.omemo.devices()).filter((device) => device.listed);
    expect(listed.map((device) => device.deviceId)).toEqual([deviceId]);
  } finally {
    transport.retract = original;
  }
});
