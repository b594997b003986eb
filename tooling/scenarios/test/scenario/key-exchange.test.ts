import { recordKeys, sessionSetRecord } from '@omemo-kit/omemo-core/records';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { distinctPreKeys } from '../../src/distinct-pre-keys.ts';
import { keyExchangeIn } from '../../src/rewrite-key.ts';
import { encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const NS_PUBSUB = 'http://jabber.org/protocol/pubsub';

/** The sessions that one client holds with another. */
function sessionsOf(client: Client, other: Client) {
  const key = recordKeys(client.jid).session(other.jid, other.omemo.deviceId);
  const record = client.memory.snapshot().find((one) => one.key === key);
  return record === undefined ? [] : sessionSetRecord.decode(record).sessions;
}

const isEncrypted = (stanza: Parameters<typeof encryptedIn>[0]) => encryptedIn(stanza) !== undefined;

const ids = (client: Client, other: Client) =>
  sessionsOf(client, other).map(({ id }) => Buffer.from(id).toString('hex'));

describe('the key exchange', () => {
  test('is repeated with one header until the device answers, and not after', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.quiet();
    expect(world.keys(alice, bob).map(({ keyExchange }) => keyExchange)).toEqual([true, true, true]);
    expect(new Set(world.keys(alice, bob).map(({ ephemeralKey }) => ephemeralKey)).size).toBe(1);
    await world.calm();
    await alice.say(bob.jid, 'four');
    await world.calm();
    expect(world.keys(alice, bob).at(-1)).toMatchObject({ keyExchange: false, content: true });
    expect(bob.texts).toEqual(['one', 'two', 'three', 'four']);
    expect(ids(alice, bob)).toEqual(ids(bob, alice));
  });

  test('repeated in several messages uses one pre-key and one session', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.calm();
    expect(bob.texts).toEqual(['one', 'two', 'three']);
    expect(ids(bob, alice)).toHaveLength(1);
    const preKeys = bob.memory.snapshot().filter(({ key }) => key.includes('/pre-key/'));
    // 25 at first, one used and replaced: ids 2 to 26 or one other of the first left out.
    expect(preKeys).toHaveLength(25);
    expect(preKeys.map(({ key }) => Number(key.split('/').at(-1)))).toContain(26);
    expect(preKeys.map(({ key }) => Number(key.split('/').at(-1)))).not.toContain(27);
  });

  test('is answered by one empty message per session', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.calm();
    await world.calm();
    expect(world.keys(bob, alice).map(({ content }) => content)).toEqual([false]);
    await alice.say(bob.jid, 'four');
    await world.calm();
    // An empty message is never answered by an empty message (S29).
    expect(world.keys(bob, alice)).toHaveLength(1);
    expect(world.keys(alice, bob).every(({ content }) => content)).toBe(true);
  });

  test('is answered by a message with content when there is one to send', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'one');
    await world.quiet();
    await bob.say(alice.jid, 'two');
    await world.calm();
    expect(world.keys(bob, alice).map(({ content }) => content)).toEqual([true]);
  });

  test('is answered after a crash before the answer', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'one');
    await world.quiet();
    await bob.crash();
    await bob.omemo.start();
    await world.calm();
    expect(world.keys(bob, alice).map(({ content }) => content)).toEqual([false]);
  });

  test('of both at once is crossed, and they settle on one session with nothing lost', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const hold = world.server.faults.hold({ matches: (stanza) => encryptedIn(stanza) !== undefined });
    await alice.say(bob.jid, 'a1');
    await bob.say(alice.jid, 'b1');
    await alice.say(bob.jid, 'a2');
    await bob.say(alice.jid, 'b2');
    hold.stop();
    hold.release();
    await world.calm();
    for (let round = 3; round < 8; round++) {
      await alice.say(bob.jid, `a${round}`);
      await bob.say(alice.jid, `b${round}`);
      await world.calm();
    }
    expect(bob.texts).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect(alice.texts).toEqual(['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7']);
    for (const client of [alice, bob]) expect(client.types).not.toContain('failed');
    // Both send on the same session by now: what one sends last, the other's newest ratchet key answers.
    const before = world.keys(alice, bob).length;
    await alice.say(bob.jid, 'last');
    await world.quiet();
    const proven = (client: Client, other: Client) =>
      sessionsOf(client, other).filter((session) => session.proven && session.standing === 'live');
    const [mine] = proven(bob, alice).filter(({ ratchet }) =>
      ratchet.otherRatchetKey === undefined
        ? false
        : Buffer.from(ratchet.otherRatchetKey).toString('hex') === world.keys(alice, bob).at(before)?.ratchetKey,
    );
    expect(mine).toBeDefined();
    await bob.say(alice.jid, 'answer');
    const [theirs] = proven(alice, bob).filter(({ id }) => Buffer.from(id).equals(Buffer.from(mine!.id)));
    expect(theirs).toBeDefined();
    await world.quiet();
    const after = sessionsOf(alice, bob).find(({ id }) => Buffer.from(id).equals(Buffer.from(mine!.id)))!;
    expect(Buffer.from(after.ratchet.otherRatchetKey!).toString('hex')).toBe(world.keys(bob, alice).at(-1)!.ratchetKey);
  });

  test('both replace by hand while their first key exchanges are under way: they still come to one session', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', { randomness: distinctPreKeys() });
    const bob = await world.client('bob@example.net/desk', { randomness: distinctPreKeys() });
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    for (const client of [alice, bob]) client.deaf();
    const read = async (client: Client, most = Number.POSITIVE_INFINITY) => {
      await world.quiet();
      const waiting = client.received.filter(isEncrypted);
      client.received.length = 0;
      client.received.push(...waiting.slice(most));
      for (const stanza of waiting.slice(0, most)) client.results.push(await client.omemo.receive(stanza));
    };
    await bob.say(alice.jid, 'b1');
    await bob.omemo.replaceSessions({ jid: alice.jid });
    await alice.say(bob.jid, 'a1');
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await read(alice, 1);
    await alice.say(bob.jid, 'a2');
    await read(bob);
    for (let round = 0; round < 8; round++) {
      await bob.say(alice.jid, `b${round + 2}`);
      await read(alice);
      await alice.say(bob.jid, `a${round + 3}`);
      await read(bob);
    }
    expect(bob.texts).toHaveLength(10);
    expect(alice.texts).toHaveLength(9);
    // In one session each answer brings a new ratchet key; in two that cross for ever none does.
    const keys = [world.keys(alice, bob), world.keys(bob, alice)].map((list) =>
      list.slice(-3).map((key) => key.ratchetKey),
    );
    expect(keys.map((list) => new Set(list).size)).toEqual([3, 3]);
  });

  test('crossed by an empty replacement heals as well', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await bob.omemo.replaceSessions({ jid: alice.jid });
    const hold = world.server.faults.hold({ matches: (stanza) => encryptedIn(stanza) !== undefined });
    await alice.omemo.settle();
    await bob.omemo.settle();
    hold.stop();
    hold.release();
    await world.calm();
    for (const round of [1, 2, 3]) {
      await alice.say(bob.jid, `a${round}`);
      await bob.say(alice.jid, `b${round}`);
      await world.calm();
    }
    expect(bob.texts).toEqual(['a1', 'a2', 'a3']);
    expect(alice.texts).toEqual(['b1', 'b2', 'b3']);
    for (const client of [alice, bob]) expect(client.types).not.toContain('failed');
  });
});

describe('a session is replaced', () => {
  test('by hand: a key exchange goes out at once and the next messages use the new session', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const [old] = ids(alice, bob);
    expect(await alice.omemo.replaceSessions({ jid: bob.jid })).toEqual([
      { jid: bob.jid, deviceId: bob.omemo.deviceId },
    ]);
    await world.calm();
    expect(world.keys(alice, bob).at(-1)).toMatchObject({ keyExchange: true, content: false });
    await alice.say(bob.jid, 'new');
    await bob.say(alice.jid, 'new too');
    await world.calm();
    expect([bob.texts, alice.texts]).toEqual([['new'], ['new too']]);
    expect(ids(alice, bob)[0]).not.toBe(old);
    expect(ids(alice, bob)[0]).toBe(ids(bob, alice)[0]);
  });

  test('and messages still under way on the old one are read', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const hold = world.server.faults.hold({
      direction: 'to-client',
      jid: alice.jid,
      matches: (stanza) => encryptedIn(stanza) !== undefined,
    });
    await bob.say(alice.jid, 'under way');
    await world.quiet();
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await alice.say(bob.jid, 'new');
    hold.stop();
    await world.calm();
    hold.release();
    await world.calm();
    expect(alice.texts).toEqual(['under way']);
    expect(bob.texts).toEqual(['new']);
    const [sending, kept] = sessionsOf(alice, bob);
    expect([sending!.standing, kept!.standing]).toEqual(['live', 'retired']);
  });

  test('by a device that lost its store and comes back with its identity', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { identityRecord } = await import('@omemo-kit/omemo-core/records');
    const stored = bob.memory.snapshot().find(({ key }) => key === recordKeys(bob.jid).identity)!;
    const { identityKeyPair } = identityRecord.decode(stored);
    bob.memory.restore([]);
    await bob.crash({ device: { identityKeyPair } });
    await bob.omemo.start();
    await world.calm();
    await bob.say(alice.jid, 'I am back');
    await world.calm();
    await alice.say(bob.jid, 'welcome');
    await world.calm();
    expect(alice.texts).toEqual(['I am back']);
    expect(bob.texts).toEqual(['welcome']);
  });

  test('many times over keeps five sessions and no more records than before', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const sizes: number[] = [];
    for (let round = 0; round < 12; round++) {
      await (round % 2 === 0 ? alice : bob).omemo.replaceSessions({ jid: round % 2 === 0 ? bob.jid : alice.jid });
      await world.calm();
      sizes.push(alice.memory.snapshot().filter(({ key }) => !key.includes('/seen/')).length);
    }
    expect(sessionsOf(alice, bob)).toHaveLength(5);
    expect(sessionsOf(bob, alice)).toHaveLength(5);
    expect(new Set(sizes.slice(-6)).size).toBe(1);
    await alice.say(bob.jid, 'still here');
    await world.calm();
    expect(bob.texts).toEqual(['still here']);
  });
});

describe('before the first message', () => {
  test('looking at the devices of a contact shows their fingerprints and builds no session (R71)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const [device] = await alice.omemo.devices(bob.jid, { refresh: 'always' });
    await world.calm();
    expect(device).toMatchObject({ deviceId: bob.omemo.deviceId, fingerprint: bob.omemo.fingerprint });
    expect(sessionsOf(alice, bob)).toEqual([]);
    expect(world.keys(alice, bob)).toEqual([]);
  });

  test('no bundle is fetched and no session built for a device that is announced (R70, R71)', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone');
    await alice.omemo.start();
    await world.calm();
    const asked: string[] = [];
    world.server.watch(({ direction, jid, stanza }) => {
      if (direction !== 'to-server' || jid !== alice.connection.jid) return;
      const node = stanza.getChild('pubsub', NS_PUBSUB)?.getChild('items')?.attrs['node'];
      if (node !== undefined) asked.push(node.split(':').at(-1)!);
    });
    const bob = await world.client('bob@example.net/desk');
    await bob.omemo.start();
    await world.calm();
    expect(alice.types).toContain('device-list');
    expect(asked).not.toContain('bundles');
    expect(sessionsOf(alice, bob)).toEqual([]);
    await alice.say(bob.jid, 'now');
    expect(asked.filter((node) => node === 'bundles')).toHaveLength(1);
    expect(sessionsOf(alice, bob)).toHaveLength(1);
  });

  test('the private half of a pre-key is there; it is gone with the message that used it (R72, R92)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const privateHalves = () =>
      bob.memory.snapshot().flatMap(({ key }) => (key.includes('/pre-key/') ? [Number(key.split('/').at(-1))] : []));
    bob.deaf();
    await alice.say(bob.jid, 'one');
    await world.quiet();
    const stanza = bob.received.find(isEncrypted)!;
    const used = keyExchangeIn(stanza, bob.omemo.deviceId).pkId;
    expect(privateHalves()).toContain(used);
    await bob.omemo.receive(stanza);
    expect(privateHalves()).not.toContain(used);
    expect(privateHalves()).toHaveLength(25);
  });
});
