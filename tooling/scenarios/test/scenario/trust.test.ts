import { blindTrustBeforeVerification, manualTrust, type TrustPolicy, trustOnFirstUse } from '@omemo-kit/omemo-core';
import { recordKeys } from '@omemo-kit/omemo-core/records';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

async function trusting(trust: TrustPolicy) {
  const world = new World();
  const alice = await world.client('alice@example.org/phone', { trust });
  const bob = await world.client('bob@example.net/desk');
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  return { world, alice, bob };
}

const isEncrypted = (stanza: Parameters<typeof encryptedIn>[0]) => encryptedIn(stanza) !== undefined;

describe('trust', () => {
  test('undecided devices keep a message from being sent, and the error lists them', async () => {
    const { world, alice, bob } = await trusting(manualTrust);
    const error = await alice.say(bob.jid, 'hello').catch((cause) => cause);
    expect(error).toMatchObject({
      code: 'undecided-devices',
      details: {
        devices: [{ jid: bob.jid, deviceId: bob.omemo.deviceId, fingerprint: bob.omemo.fingerprint, changed: false }],
      },
    });
    expect(world.keys(alice, bob)).toEqual([]);
    expect(await alice.omemo.outbox()).toEqual([]);
    const { identityKey } = error.details.devices[0];
    await alice.omemo.setTrust({ jid: bob.jid, identityKey, level: 'verified' });
    await alice.say(bob.jid, 'hello');
    await world.calm();
    expect(bob.texts).toEqual(['hello']);
  });

  test('a distrusted device is skipped and told as such, the others get the message', async () => {
    const world = new World();
    const [alice, bob, tablet] = await world.started(
      'alice@example.org/phone',
      'bob@example.net/desk',
      'bob@example.net/tablet',
    );
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: tablet.omemo.identityKey, level: 'distrusted' });
    const sent = await alice.say(bob.jid, 'not for the tablet');
    expect(sent.devices.map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
    expect(sent.skipped).toMatchObject([{ deviceId: tablet.omemo.deviceId, reason: 'distrusted' }]);
    await world.calm();
    expect([bob.texts, tablet.texts]).toEqual([['not for the tablet'], []]);
    await tablet.say(alice.jid, 'hear me');
    await world.calm();
    expect(alice.results.find(({ type }) => type === 'message')).toMatchObject({ sender: { trust: 'distrusted' } });
  });

  test('all devices distrusted: there is nobody left to send to', async () => {
    const { alice, bob } = await trusting(blindTrustBeforeVerification);
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'distrusted' });
    await expect(alice.say(bob.jid, 'x')).rejects.toMatchObject({
      code: 'no-devices',
      details: { jids: [bob.jid], skipped: [{ reason: 'distrusted' }] },
    });
  });

  test.each([
    ['manual', manualTrust, ['undecided', 'undecided', 'undecided']],
    ['first use', trustOnFirstUse, ['trusted', 'undecided', 'undecided']],
    ['blind before verification', blindTrustBeforeVerification, ['trusted', 'trusted', 'undecided']],
  ] as const)('the %s policy: first device, second, and third after a verification (S52)', async (_, trust, levels) => {
    const { world, alice, bob } = await trusting(trust);
    const level = async (index: number) => (await alice.omemo.devices(bob.jid, { refresh: 'always' }))[index]!.trust;
    const seen = [await level(0)];
    await (await world.client('bob@example.net/two')).omemo.start();
    seen.push(await level(1));
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
    await (await world.client('bob@example.net/three')).omemo.start();
    seen.push(await level(2));
    expect(seen).toEqual(levels);
  });

  test('a device added by the server gets no key until it is decided on (S51)', async () => {
    const { world, alice, bob } = await trusting(trustOnFirstUse);
    await alice.say(bob.jid, 'hello');
    const ghost = await world.client('bob@example.net/ghost');
    await ghost.omemo.start();
    await world.calm();
    await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject({ code: 'undecided-devices' });
    expect(world.keys(alice, ghost)).toEqual([]);
  });

  test('messages of an undecided sender are read and marked (R126)', async () => {
    const { world, alice, bob } = await trusting(manualTrust);
    await bob.say(alice.jid, 'who am I');
    await world.quiet();
    expect(alice.results.at(-1)).toMatchObject({ type: 'message', sender: { trust: 'undecided' } });
    // An empty message is owed all the same (R127).
    await alice.omemo.settle();
    expect(world.keys(alice, bob).map(({ content }) => content)).toEqual([false]);
  });
});

describe('one undecided device keeps back whatever is to be encrypted to it', () => {
  const jids = ['alice@example.org', 'bob@example.net', 'carol@example.com'] as const;

  /** Three accounts with a device each; all trust manually and have decided on every device there is. */
  async function decided() {
    const world = new World();
    const clients = [];
    for (const jid of jids) clients.push(await world.client(`${jid}/first`, { trust: manualTrust }));
    for (const { omemo } of clients) await omemo.start();
    await world.calm();
    for (const client of clients) for (const other of clients) await decide(client, other);
    return { world, clients };
  }

  async function decide(client: Client, other: Client) {
    if (client === other) return;
    await client.omemo.setTrust({ jid: other.jid, identityKey: other.omemo.identityKey, level: 'verified' });
  }

  const pairs = jids.flatMap((_, from) => jids.flatMap((_, to) => (from === to ? [] : [[from, to] as const])));

  test('when all are decided on, everybody reaches everybody', async () => {
    const { world, clients } = await decided();
    for (const [from, to] of pairs) await clients[from]!.say(jids[to]!, `from ${from}`);
    await world.calm();
    for (const [index, { texts }] of clients.entries()) {
      expect([...texts].sort()).toEqual([0, 1, 2].filter((other) => other !== index).map((other) => `from ${other}`));
    }
  });

  test.each(pairs.map(([from, to]) => [jids[from]!, jids[to]!, from, to] as const))(
    '%s to %s: a new device of the recipient',
    async (_, jid, from, to) => {
      const { world, clients } = await decided();
      const sender = clients[from]!;
      const fresh = await world.client(`${jid}/new`);
      await fresh.omemo.start();
      await world.quiet();
      await refusedFor(sender, jid, fresh);
      expect(world.keys(sender, fresh)).toEqual([]);
      // Whom the device does not belong to is reached all the same, and after the decision its account too.
      const third = jids.find((other) => other !== jid && other !== sender.jid)!;
      expect((await sender.say(third, 'to the third')).delivery).toBe('accepted');
      await decide(sender, fresh);
      await sender.say(jid, 'decided');
      await world.quiet();
      expect([clients[to]!.texts, fresh.texts]).toEqual([['decided'], ['decided']]);
    },
  );

  test.each(jids)('%s: a new device of the own account keeps it from sending to any account', async (jid) => {
    const { world, clients } = await decided();
    const sender = clients.find((client) => client.jid === jid)!;
    const others = jids.filter((other) => other !== jid);
    const fresh = await world.client(`${jid}/new`);
    await fresh.omemo.start();
    await world.quiet();
    for (const to of [...others, jid]) await refusedFor(sender, to, fresh);
    await expect(sender.omemo.encryptPayload(others, new Uint8Array(1))).rejects.toMatchObject({
      code: 'undecided-devices',
      details: { devices: [{ jid, deviceId: fresh.omemo.deviceId }] },
    });
    expect(world.spent.emitted.filter(({ from }) => from === jid)).toEqual([]);
    await decide(sender, fresh);
    for (const to of others) await sender.say(to, 'decided');
    await world.quiet();
    expect(fresh.texts).toEqual(['decided', 'decided']);
  });

  /** The error names this one device, and nothing waits to be sent. */
  async function refusedFor(sender: Client, to: string, device: Client) {
    const error = await sender.say(to, 'secret').catch((cause) => cause);
    expect(error).toMatchObject({ code: 'undecided-devices' });
    expect(error.details.devices).toMatchObject([{ jid: device.jid, deviceId: device.omemo.deviceId, changed: false }]);
    expect(await sender.omemo.outbox()).toEqual([]);
  }
});

describe('another identity key on a known device id (S22)', () => {
  /** Bob's device is made anew: same device id, other identity. */
  async function changed(trust: TrustPolicy) {
    const { world, alice, bob } = await trusting(trust);
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
    await alice.say(bob.jid, 'hello');
    await world.calm();
    const { deviceId, identityKey: old } = bob.omemo;
    bob.memory.restore([]);
    world.server.createNode({
      jid: bob.jid,
      node: 'urn:xmpp:omemo:2:bundles',
      options: { 'pubsub#access_model': 'open' },
    });
    world.server.createNode({
      jid: bob.jid,
      node: 'urn:xmpp:omemo:2:devices',
      options: { 'pubsub#access_model': 'open' },
    });
    await bob.crash({ device: { deviceId } });
    await bob.omemo.start();
    await world.quiet();
    expect(bob.omemo.deviceId).toBe(deviceId);
    bob.results.length = 0;
    return { world, alice, bob, old };
  }

  test('in a key exchange is noted, not read, and sending waits for a decision', async () => {
    const { world, alice, bob, old } = await changed(blindTrustBeforeVerification);
    await bob.say(alice.jid, 'it is me');
    await world.quiet();
    expect(alice.results.at(-1)).toMatchObject({ type: 'failed', code: 'identity-changed' });
    expect(await alice.omemo.inbox()).toEqual([]);
    const [device] = await alice.omemo.devices(bob.jid);
    expect(device).toMatchObject({ changed: true, trust: 'undecided', identityKey: bob.omemo.identityKey });
    const sent = world.keys(alice, bob).length;
    await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject({
      code: 'undecided-devices',
      details: { devices: [{ changed: true, identityKey: bob.omemo.identityKey }] },
    });
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: old, level: 'verified' });
    await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject({ code: 'undecided-devices' });
    expect(world.keys(alice, bob)).toHaveLength(sent);
  });

  test('accepted by a person, the message is read when it comes again and the new key is sent to', async () => {
    const { world, alice, bob } = await changed(blindTrustBeforeVerification);
    await bob.say(alice.jid, 'it is me');
    await world.quiet();
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
    await alice.take(alice.received.filter(isEncrypted).at(-1)!);
    expect(alice.texts).toEqual(['it is me']);
    await alice.say(bob.jid, 'I believe you');
    await world.calm();
    expect(bob.texts).toEqual(['I believe you']);
  });

  test('accepted, but its bundle never seen: the next message builds a session with the new key', async () => {
    const { world, alice, bob } = await changed(blindTrustBeforeVerification);
    await bob.say(alice.jid, 'it is me');
    await world.quiet();
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'trusted' });
    await alice.say(bob.jid, 'to the new key');
    await world.quiet();
    expect(world.keys(alice, bob).at(-1)!.keyExchange).toBe(true);
    expect(bob.texts).toEqual(['to the new key']);
  });

  test('in a bundle is noted when a session is to be built, and blocks sending', async () => {
    const { world, alice, bob } = await changed(blindTrustBeforeVerification);
    await alice.omemo.replaceSessions({ jid: bob.jid });
    const sent = world.keys(alice, bob).length;
    await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject({
      code: 'undecided-devices',
      details: { devices: [{ changed: true, identityKey: bob.omemo.identityKey }] },
    });
    expect(world.keys(alice, bob)).toHaveLength(sent);
  });

  test('rejected by a person: the decision on the key before holds, and the rejected one gets nothing (S22)', async () => {
    const { world, alice, bob } = await changed(blindTrustBeforeVerification);
    await bob.say(alice.jid, 'it is me');
    await world.quiet();
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'distrusted' });
    expect((await alice.say(bob.jid, 'for the device I know')).devices).toHaveLength(1);
    expect(world.keys(alice, bob).at(-1)!.keyExchange).toBe(false);
    await world.quiet();
    expect(bob.texts).toEqual([]);
    // A session would have to be built: the bundle shows the rejected key, which is no news.
    let events = 0;
    alice.omemo.on('identity-changed', () => events++);
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject({
      code: 'no-devices',
      details: { skipped: [{ reason: 'no-bundle' }] },
    });
    expect(events).toBe(0);
    expect(await alice.omemo.devices(bob.jid)).toMatchObject([{ changed: false, trust: 'verified' }]);
  });

  test('that differs in the sign bit only does not inherit trust (S06)', async () => {
    const { alice, bob } = await trusting(blindTrustBeforeVerification);
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
    const flipped = Uint8Array.from(bob.omemo.identityKey) as typeof bob.omemo.identityKey;
    flipped[31]! ^= 0x80;
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: flipped, level: 'distrusted' });
    const sent = await alice.say(bob.jid, 'still you');
    expect(sent.devices).toHaveLength(1);
  });
});

test('a session whose identity key nobody knows of is not sent with: the key is asked for and waits for a decision (R124, S22)', async () => {
  const { world, alice, bob } = await trusting(manualTrust);
  await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
  await alice.say(bob.jid, 'hello');
  await world.calm();
  const sent = world.keys(alice, bob).length;
  // Of all that the store knows only what was decided about keys is lost.
  const trust = recordKeys(alice.jid).trust(bob.jid);
  alice.memory.restore(alice.memory.snapshot().filter(({ key }) => key !== trust));
  await alice.crash({ trust: manualTrust });
  await alice.omemo.start();
  await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject({
    code: 'undecided-devices',
    details: { devices: [{ deviceId: bob.omemo.deviceId, identityKey: bob.omemo.identityKey }] },
  });
  expect(world.keys(alice, bob)).toHaveLength(sent);
  await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'trusted' });
  await alice.say(bob.jid, 'decided');
  await world.calm();
  expect(bob.texts).toEqual(['hello', 'decided']);
});

test('a trust level that does not exist is refused and the contact still readable', async () => {
  const { alice, bob } = await trusting(blindTrustBeforeVerification);
  const before = alice.memory.snapshot();
  const decision = { jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'perhaps' as 'trusted' };
  await expect(alice.omemo.setTrust(decision)).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(alice.memory.snapshot()).toEqual(before);
});

test('an identity key that is no key is refused and the contact still readable', async () => {
  const { alice, bob } = await trusting(blindTrustBeforeVerification);
  const identityKey = new Uint8Array(31) as typeof bob.omemo.identityKey;
  await expect(alice.omemo.setTrust({ jid: bob.jid, identityKey, level: 'trusted' })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
  expect((await alice.omemo.devices(bob.jid)).length).toBe(1);
});
