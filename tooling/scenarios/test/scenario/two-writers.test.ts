import { systemRandomness } from '@omemo-kit/omemo-core';
import { identityRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import { Client, textOf } from '../../src/client.ts';
import { onceAt, seededPause } from '../../src/pauses.ts';
import { body, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const seeds = [1, 2, 3, 4, 5, 6];

/** A second Omemo of the same device: another tab, worker or process on the same store. */
function tab(client: Client, pause?: ReturnType<typeof seededPause>) {
  const store = client.memory.open(pause === undefined ? {} : { pause });
  return Client.omemoOn(client.connection, client.memory, { store });
}

describe('several Omemos on one store', () => {
  test.each(seeds)('make one device together (seed %i)', async (seed) => {
    const world = new World();
    const connection = world.server.connect('alice@example.org/phone');
    const memory = new SharedMemory();
    const opened = await Promise.all(
      [1, 2, 3].map((n) =>
        Client.omemoOn(connection, memory, { store: memory.open({ pause: seededPause(seed * 10 + n) }) }),
      ),
    );
    expect(new Set(opened.map(({ deviceId }) => deviceId)).size).toBe(1);
    expect(new Set(opened.map(({ fingerprint }) => fingerprint.join(''))).size).toBe(1);
    await Promise.all(opened.map((omemo) => omemo.start()));
    expect(world.server.node('alice@example.org', 'urn:xmpp:omemo:2:bundles')?.items.size).toBe(1);
    const list = world.server.node('alice@example.org', 'urn:xmpp:omemo:2:devices')?.items.get('current');
    expect(list?.getChildElements()).toHaveLength(1);
    expect(memory.snapshot().filter(({ key }) => key.includes('/pre-key/'))).toHaveLength(25);
  });

  test.each(seeds)('spend no message key twice and lose no message when they send at once (seed %i)', async (seed) => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const tabs = await Promise.all([1, 2, 3].map((n) => tab(alice, seededPause(seed * 100 + n))));
    const texts = tabs.flatMap((_, index) => [0, 1, 2].map((n) => `tab ${index} message ${n}`));
    await Promise.all(
      texts.map((text, index) => tabs[index % tabs.length]!.send({ to: bob.jid, content: [body(text)] })),
    );
    await world.calm();
    expect([...bob.texts].sort()).toEqual([...texts].sort());
    expect(bob.types.filter((type) => type !== 'message' && type !== 'empty' && type !== 'device-list')).toEqual([]);
    const keys = world.keys(alice, bob);
    expect(keys).toHaveLength(texts.length);
    expect(await tabs[0]!.outbox()).toEqual([]);
  });

  test.each(seeds)('read each of many messages once, whichever gets it first (seed %i)', async (seed) => {
    const world = new World();
    const [alice, bob] = await world.pair();
    bob.deaf();
    const texts = Array.from({ length: 8 }, (_, n) => `message ${n}`);
    for (const text of texts) await alice.say(bob.jid, text);
    await world.quiet();
    const stanzas = bob.received.filter((stanza) => encryptedIn(stanza));
    const tabs = await Promise.all([1, 2, 3].map((n) => tab(bob, seededPause(seed * 1000 + n))));
    const results = await Promise.all(
      tabs.flatMap((omemo, index) =>
        stanzas.map((_, n) => omemo.receive(copyOf(stanzas[(n + index * 3) % stanzas.length]!))),
      ),
    );
    const types = results.map(({ type }) => type);
    expect(types.filter((type) => type === 'message')).toHaveLength(texts.length);
    expect(types.filter((type) => type === 'duplicate')).toHaveLength(texts.length * 2);
    expect(results.flatMap((result) => textOf(result) ?? []).sort()).toEqual(texts);
    expect(await tabs[0]!.inbox()).toHaveLength(texts.length);
  });

  test('a message that another one reads between two of our reads is a duplicate, not a failure', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = bob.received.find((one) => encryptedIn(one))!;
    const other = await tab(bob);
    const pause = onceAt(
      ({ operation, when, keys }) =>
        operation === 'get' && when === 'before' && keys.some((key) => key.includes('/pre-key/')),
      () => other.receive(copyOf(stanza)),
    );
    const slow = await Client.omemoOn(bob.connection, bob.memory, { store: bob.memory.open({ pause }) });
    const result = await slow.receive(copyOf(stanza));
    expect(result).toMatchObject({ type: 'duplicate', unacknowledged: { type: 'message' } });
    expect(await other.inbox()).toHaveLength(1);
  });

  test.each(seeds)('answer a key exchange once when both settle at once (seed %i)', async (seed) => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const tabs = await Promise.all([1, 2].map((n) => tab(bob, seededPause(seed * 7 + n))));
    await Promise.all(tabs.map((omemo) => omemo.settle()));
    await world.quiet();
    expect(world.keys(bob, alice).filter(({ content }) => !content)).toHaveLength(1);
  });

  test('a device distrusted in one tab gets nothing from another that has begun to encrypt', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = world.keys(alice, bob).length;
    const other = await tab(alice);
    const [device] = await other.devices(bob.jid);
    const pause = onceAt(
      ({ operation, when }) => operation === 'commit' && when === 'before',
      () => other.setTrust({ jid: bob.jid, identityKey: device!.identityKey!, level: 'distrusted' }),
    );
    const slow = await Client.omemoOn(alice.connection, alice.memory, { store: alice.memory.open({ pause }) });
    await expect(slow.send({ to: bob.jid, content: [body('secret')] })).rejects.toMatchObject({ code: 'no-devices' });
    expect(world.keys(alice, bob)).toHaveLength(before);
    expect(await slow.outbox()).toEqual([]);
  });

  test('a conflict encrypts again to the device that moved only, under the same payload key', async () => {
    const world = new World();
    const [alice, bob, tablet] = await world.started(
      'alice@example.org/phone',
      'bob@example.net/desk',
      'bob@example.net/tablet',
    );
    await alice.say(bob.jid, 'hello');
    await world.calm();
    await bob.say(alice.jid, 'hi');
    await tablet.say(alice.jid, 'hi too');
    await world.calm();
    let payloadKeys = 0;
    const randomness = {
      ...systemRandomness,
      payloadKey: () => {
        payloadKeys++;
        return systemRandomness.payloadKey();
      },
    };
    const other = await tab(alice);
    const pause = onceAt(
      ({ operation, when }) => operation === 'commit' && when === 'before',
      () => other.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId }).then((e) => world.note(alice.jid, e)),
    );
    const store = alice.memory.open({ pause });
    const slow = await Client.omemoOn(alice.connection, alice.memory, { store, randomness });
    const to = (client: Client) => world.keys(alice, client).at(-1)!.messageNumber;
    await slow.send({ to: bob.jid, content: [body('on')] });
    await world.calm();
    expect(payloadKeys).toBe(1);
    // Both ratchets had turned: the empty message was 0 to Bob's desk, and nothing was lost on his tablet.
    expect([to(bob), to(tablet)]).toEqual([1, 0]);
    expect(bob.texts.at(-1)).toBe('on');
    expect(tablet.texts.at(-1)).toBe('on');
  });

  test('an outbox entry that one of them is sending is not sent by another', async () => {
    let now = 1_700_000_000_000;
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { id } = await alice.omemo.encrypt({ to: bob.jid, content: [body('later')] });
    const other = await Client.omemoOn(alice.connection, alice.memory, { clock: () => now });
    now = Date.now();
    expect(await other.flush()).toBe(0);
    now += 31_000;
    expect(await other.flush()).toBe(1);
    await world.quiet();
    expect(bob.texts).toEqual(['later']);
    expect((await alice.omemo.outbox()).map((entry) => entry.id)).not.toContain(id);
  });

  test('the two flushes of one Omemo do not both send an entry', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    alice.connection.disconnect();
    await alice.say(bob.jid, 'one');
    alice.connection.reconnect();
    await world.quiet();
    const before = world.server.log.length;
    await Promise.all([alice.omemo.flush(), alice.omemo.flush()]);
    const sent = world.server.log.slice(before).filter((e) => e.direction === 'to-server' && encryptedIn(e.stanza));
    expect(sent).toHaveLength(1);
  });

  test('the identity record is the one that was made first', async () => {
    const world = new World();
    const [alice] = await world.pair();
    const second = await tab(alice);
    const key = recordKeys(alice.jid).identity;
    const record = alice.memory.snapshot().find((one) => one.key === key)!;
    expect(identityRecord.decode(record).deviceId).toBe(second.deviceId);
  });
});
