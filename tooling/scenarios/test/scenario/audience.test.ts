import { manualTrust } from '@omemo-kit/omemo-core';
import { expect, test } from 'vitest';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

test('who could read a message is told before one is written, and how large it would be', async () => {
  const world = new World();
  const [alice, bob, tablet] = await world.started(
    'alice@example.org/phone',
    'bob@example.net/desk',
    'alice@example.org/tablet',
  );
  const before = await alice.omemo.audience([bob.jid, 'nobody@example.net'], { payloadBytes: 240 });
  expect(before.devices.map(({ jid, deviceId, access, keyExchange }) => [jid, deviceId, access, keyExchange])).toEqual([
    [bob.jid, bob.omemo.deviceId, 'reads', true],
    [alice.jid, tablet.omemo.deviceId, 'reads', true],
  ]);
  expect(before.unreached).toEqual(['nobody@example.net']);
  expect(world.spent.emitted).toEqual([]);

  const { encrypted } = await alice.omemo.encrypt({ to: bob.jid, content: [body('')], id: 'm1' });
  const { bytes } = await alice.omemo.audience([bob.jid], { payloadBytes: 320 });
  expect(Math.abs(bytes - encrypted.toString().length)).toBeLessThan(300);

  await bob.say(alice.jid, 'hi');
  await world.calm();
  const after = await alice.omemo.audience([bob.jid]);
  expect(after.devices.find(({ jid }) => jid === bob.jid)?.keyExchange).toBe(false);
});

test('devices that wait for a decision, or may not read, are told as such', async () => {
  const world = new World();
  const [bob] = await world.started('bob@example.net/desk');
  const alice = await world.client('alice@example.org/phone', { trust: manualTrust });
  await alice.omemo.start();
  const [undecided] = (await alice.omemo.audience([bob.jid])).devices;
  expect(undecided).toMatchObject({ access: 'undecided', trust: 'undecided', identityKey: bob.omemo.identityKey });
  await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'distrusted' });
  const { devices, unreached, bytes } = await alice.omemo.audience([bob.jid]);
  expect([devices[0]?.access, unreached, bytes]).toEqual(['distrusted', [bob.jid], 0]);
});
