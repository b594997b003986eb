import { manualTrust } from '@omemo-kit/omemo-core';
import { recordKeys, strangersRecord, trustRecord } from '@omemo-kit/omemo-core/records';
import { NS_OMEMO, serializeEnvelope } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client, ClientOptions } from '../../src/client.ts';
import { countSent, publishedPreKeys } from '../../src/published.ts';
import { RoomScene } from '../../src/room-scene.ts';
import { deviceList, deviceListEvent, incoming } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const HOUR = 3_600_000;
/** More on request: `OMEMO_STRANGERS=10000`. */
const FLOOD = Number(process.env['OMEMO_STRANGERS'] ?? 200);

/** Bob, and Mallory, who has as many accounts as she likes: her key exchanges reach Bob under any name. */
async function flooded(options: ClientOptions = {}) {
  const world = new World();
  const time = { now: Date.UTC(2026, 0, 1) };
  const again = { clock: () => time.now, ...options };
  const bob = await world.client('bob@example.net/desk', again);
  const mallory = await world.client('mallory@example.com/x');
  for (const client of [bob, mallory]) await client.omemo.start();
  await world.calm();
  /** A key exchange of its own, without content. */
  const keyExchange = async () => {
    // So that she finds no pre-key in the bundle that was used.
    await bob.omemo.settle();
    await mallory.omemo.replaceSessions({ jid: bob.jid });
    return mallory.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
  };
  const from = async (jid: string) => bob.omemo.decryptPayload({ from: jid, encrypted: await keyExchange() });
  return { world, time, again, bob, mallory, keyExchange, from };
}

const recordsOf = (client: Client, text: string) =>
  client.memory.snapshot().flatMap(({ key }) => (key.includes(text) ? [key] : []));

describe('key exchanges of strangers', () => {
  test('are refused beyond their allowance, consuming nothing, and read when there is some again (S17)', async () => {
    const { time, again, bob, keyExchange, from } = await flooded({ limits: { strangerKeyExchanges: 3 } });
    for (const n of [1, 2, 3]) expect(await from(`s${n}@spam.example`)).toMatchObject({ type: 'empty' });
    await bob.omemo.settle();
    const encrypted = await keyExchange();
    // The count is in the store.
    await bob.crash({ ...again, limits: { strangerKeyExchanges: 3 } });
    const before = bob.memory.snapshot();
    const refused = await bob.omemo.decryptPayload({ from: 's4@spam.example', encrypted });
    expect(refused).toMatchObject({ type: 'failed', code: 'rate-limited' });
    expect(bob.memory.snapshot()).toEqual(before);
    time.now += HOUR / 3;
    expect(await bob.omemo.decryptPayload({ from: 's4@spam.example', encrypted })).toMatchObject({ type: 'empty' });
  });

  test('are limited over all accounts together, whatever the device', async () => {
    const { bob, mallory, from } = await flooded({ limits: { strangerKeyExchanges: 2 } });
    const results = [await from(mallory.jid), await from(mallory.jid), await from(mallory.jid)];
    expect(results.map(({ type }) => type)).toEqual(['empty', 'empty', 'failed']);
    expect(bob.errors).toEqual([]);
  });

  test('do not count once we wrote to the account, or accepted a key of it, nor from our own devices (S17)', async () => {
    const limits = { strangerKeyExchanges: 1, preKeys: 25 };
    const { world, bob, mallory, from } = await flooded({ limits });
    const [alice, carol, laptop] = [
      await world.client('alice@example.org/phone'),
      await world.client('carol@example.org/phone'),
      await world.client('bob@example.net/laptop'),
    ];
    for (const client of [alice, carol, laptop]) await client.omemo.start();
    await world.calm();
    expect(await from(mallory.jid)).toMatchObject({ type: 'empty' });
    expect(await from(mallory.jid)).toMatchObject({ code: 'rate-limited' });
    await bob.say(alice.jid, 'hello');
    await bob.omemo.setTrust({ jid: carol.jid, identityKey: carol.omemo.identityKey, level: 'trusted' });
    for (const client of [alice, carol, laptop]) {
      await bob.omemo.settle();
      await client.omemo.replaceSessions();
      await client.say(bob.jid, `from ${client.connection.jid}`);
      await world.quiet();
    }
    expect(bob.texts.sort()).toEqual([alice, carol, laptop].map(({ connection }) => `from ${connection.jid}`).sort());
    // Mallory is known once somebody writes to her.
    await bob.say(mallory.jid, 'who are you?');
    await bob.omemo.settle();
    expect(await from(mallory.jid)).toMatchObject({ type: 'empty' });
  });

  test('are still limited when a person distrusts them, and when all they got was an answer (S17)', async () => {
    const { world, bob, mallory, from } = await flooded({ limits: { strangerKeyExchanges: 1 } });
    await from(mallory.jid);
    await bob.omemo.setTrust({ jid: mallory.jid, identityKey: mallory.omemo.identityKey, level: 'distrusted' });
    await world.calm();
    expect(world.keys(bob, mallory).length).toBeGreaterThan(0);
    expect(await from(mallory.jid)).toMatchObject({ code: 'rate-limited' });
  });
});

test('a message to a room makes none of its members known, whom others chose; one to a member alone does (S17)', async () => {
  const { world, bob, mallory, from } = await flooded({ limits: { strangerKeyExchanges: 1 } });
  const scene = new RoomScene(world, { affiliations: { [bob.jid]: 'member', [mallory.jid]: 'owner' } });
  await scene.enter(bob);
  expect((await scene.say(bob, 'hello, whoever you are')).devices).toMatchObject([{ jid: mallory.jid }]);
  await world.calm();
  expect(await from(mallory.jid)).toMatchObject({ type: 'empty' });
  expect(await from(mallory.jid)).toMatchObject({ code: 'rate-limited' });
  await bob.say(mallory.jid, 'a private word');
  await bob.omemo.settle();
  expect(await from(mallory.jid)).toMatchObject({ type: 'empty' });
});

test('of an account with ever new devices twice as many as a list may have are remembered, known or not (S60)', async () => {
  const limits = { maxDevices: 3, strangerKeyExchanges: 1_000 };
  const { world, bob, mallory, from } = await flooded({ limits });
  await from(mallory.jid);
  await bob.say(mallory.jid, 'you are no stranger');
  for (let n = 0; n < 10; n++) {
    await bob.omemo.settle();
    const other = await world.client(`${mallory.jid}/${n}`);
    const { encrypted } = await other.omemo.encryptPayload([bob.jid], new Uint8Array(1));
    expect(await bob.omemo.decryptPayload({ from: mallory.jid, encrypted })).toMatchObject({ type: 'message' });
  }
  expect(recordsOf(bob, '/session/')).toHaveLength(6);
  const trust = bob.memory.snapshot().find(({ key }) => key === recordKeys(bob.jid).trust(mallory.jid))!;
  expect(trustRecord.decode(trust)).toMatchObject({ devices: { length: 6 }, keys: { length: 6 } });
  // The listed one is not among those that went.
  const shown = await bob.omemo.devices(mallory.jid);
  expect(shown.filter(({ listed }) => listed)).toMatchObject([{ deviceId: mallory.omemo.deviceId, trust: 'trusted' }]);
  expect(recordsOf(bob, `/session/mallory%40example.com/${mallory.omemo.deviceId}`)).toHaveLength(1);
});

test('of an account that lists ever other devices no more are remembered when it is written to (S60)', async () => {
  const world = new World();
  const bob = await world.client('bob@example.net/desk', { limits: { maxDevices: 3 } });
  await bob.omemo.start();
  const devices: number[] = [];
  for (let n = 0; n < 12; n++) {
    const other = await world.client(`mallory@example.com/${n}`);
    await other.omemo.start();
    await world.calm();
    other.connection.disconnect();
    devices.push(other.omemo.deviceId);
  }
  const { transport } = world.server.connect('mallory@example.com/bare');
  for (let n = 0; n < devices.length; n += 3) {
    const ids = devices.slice(n, n + 3);
    const payload = deviceList(ids);
    await transport.publish({ node: 'urn:xmpp:omemo:2:devices', item: { id: 'current', payload } });
    await bob.omemo.devices('mallory@example.com', { refresh: 'always' });
    const sent = await bob.say('mallory@example.com', 'to whom?');
    expect(sent.devices.map(({ deviceId }) => deviceId).sort()).toEqual([...ids].sort());
    const trust = bob.memory.snapshot().find(({ key }) => key === recordKeys(bob.jid).trust('mallory@example.com'))!;
    const most = Math.min(n + 3, 6);
    expect(trustRecord.decode(trust)).toMatchObject({ devices: { length: most }, keys: { length: most } });
    expect(recordsOf(bob, '/session/')).toHaveLength(most);
  }
});

test('an answer to an IQ, which clients give by themselves, makes nobody known (S17)', async () => {
  const { bob, mallory, from } = await flooded({ limits: { strangerKeyExchanges: 1 } });
  const content = new Element('query', { xmlns: 'urn:example:secret' });
  bob.deaf();
  bob.connection.onStanza(async (stanza) => {
    const result = await bob.omemo.receive(stanza);
    if (result.type === 'request') await bob.omemo.iq.answer(result, { content });
  });
  const answer = await mallory.omemo.iq.request({ to: bob.connection.jid, type: 'get', content });
  expect(answer.content?.getNS()).toBe('urn:example:secret');
  expect(await from(mallory.jid)).toMatchObject({ code: 'rate-limited' });
});

describe('what is stored of strangers', () => {
  test('goes with the oldest device beyond the limit: sessions, keys, memory, trust, device list, debts (S17)', async () => {
    const { world, bob, mallory, from } = await flooded({ limits: { maxStrangerDevices: 3 } });
    for (let n = 0; n < 3; n++) {
      await from(`s${n}@spam.example`);
      await bob.omemo.settle();
    }
    // Late messages leave skipped keys.
    for (let n = 0; n < 3; n++) await mallory.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    const late = await mallory.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    world.note(mallory.jid, late);
    expect(await bob.omemo.decryptPayload({ from: 's2@spam.example', encrypted: late })).toMatchObject({
      type: 'empty',
    });
    expect(recordsOf(bob, '/skipped/s2%40spam.example')).toHaveLength(3);
    const kinds = (jid: string) => new Set(recordsOf(bob, encodeURIComponent(jid)).map((key) => key.split('/')[1]));
    expect(kinds('s2@spam.example')).toEqual(new Set(['session', 'skipped', 'seen', 'trust', 'device-list']));
    for (let n = 3; n < 5; n++) await from(`s${n}@spam.example`);
    expect(recordsOf(bob, 's0%40')).toEqual([]);
    expect(recordsOf(bob, 's2%40')).not.toEqual([]);
    await from('s5@spam.example');
    // Also before anything that is owed to it was paid.
    for (const gone of ['s1%40', 's2%40']) expect(recordsOf(bob, gone)).toEqual([]);
    const record = bob.memory.snapshot().find(({ key }) => key === recordKeys(bob.jid).strangers)!;
    expect(strangersRecord.decode(record).devices.map(({ jid }) => jid)).toEqual(
      [3, 4, 5].map((n) => `s${n}@spam.example`),
    );
  });

  test('stays of who was written to meanwhile, and so does a decision against a key (S17)', async () => {
    const { world, bob, mallory, from } = await flooded({ limits: { maxStrangerDevices: 2 } });
    const alice = await world.client('alice@example.org/phone');
    await alice.omemo.start();
    await alice.say(bob.jid, 'hello');
    await world.calm();
    await bob.say(alice.jid, 'hello Alice');
    await from('s0@spam.example');
    const { identityKey } = mallory.omemo;
    await bob.omemo.setTrust({ jid: 's0@spam.example', identityKey, level: 'distrusted' });
    for (let n = 1; n < 6; n++) await from(`s${n}@spam.example`);
    expect(recordsOf(bob, '/session/alice')).toHaveLength(1);
    expect(recordsOf(bob, '/session/s0')).toEqual([]);
    const trust = bob.memory.snapshot().find(({ key }) => key === recordKeys(bob.jid).trust('s0@spam.example'))!;
    expect(trustRecord.decode(trust).keys).toMatchObject([{ level: 'distrusted' }]);
    await alice.say(bob.jid, 'still here');
    // There are no such accounts: their device lists cannot be had.
    await bob.omemo.settle();
    await world.calm();
    expect(bob.texts).toContain('still here');
  });

  test('goes with what they asked for in plain text; what somebody asks for whom the user answered stays (S17, S61)', async () => {
    const { world, bob, mallory } = await flooded({ limits: { maxStrangerDevices: 3 } });
    const asks = async (jid: string) => {
      await bob.omemo.settle();
      await mallory.omemo.replaceSessions({ jid: bob.jid });
      const content = [new Element('opt-out', { xmlns: NS_OMEMO })];
      const plaintext = serializeEnvelope({ content, padding: '', from: jid });
      const { encrypted } = await mallory.omemo.encryptPayload([bob.jid], plaintext);
      const result = await bob.omemo.receive(incoming(`${jid}/x`, bob.jid, encrypted));
      expect(result).toMatchObject({ type: 'message', optOut: {} });
    };
    const asked = async () => (await bob.omemo.optOut.list()).map(({ jid }) => jid).sort();
    // One who was written to, one whose wish the user agreed to, and one whom a decision is known about only.
    await bob.say(mallory.jid, 'hello');
    await world.calm();
    await asks(mallory.jid);
    await asks('agreed@spam.example');
    await bob.omemo.optOut.confirm('agreed@spam.example');
    await asks('distrusted@spam.example');
    const { identityKey } = mallory.omemo;
    await bob.omemo.setTrust({ jid: 'distrusted@spam.example', identityKey, level: 'distrusted' });
    for (let n = 0; n < 8; n++) await asks(`s${n}@spam.example`);
    const left = ['s5', 's6', 's7'].map((name) => `${name}@spam.example`);
    expect(await asked()).toEqual(['agreed@spam.example', mallory.jid, ...left].sort());
    await expect(bob.say(mallory.jid, 'hello again')).rejects.toMatchObject({ code: 'opted-out' });
    for (let n = 0; n < 8; n++) expect(recordsOf(bob, `s${n}%40`).length > 0).toBe(n >= 5);
  });

  test(`stays the same over ${FLOOD} of them; the bundle is published now and then, and always holds 25 unused pre-keys (S17, R05)`, async () => {
    const limits = { preKeys: 50, maxStrangerDevices: 20, strangerKeyExchanges: 1_000_000, bundlePublications: 4 };
    const { world, bob, mallory, from } = await flooded({ limits });
    const sent = countSent(world, bob);
    let read = 0;
    let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
    let half = 0;
    for (let n = 0; n < FLOOD; n++) {
      // The bundle waits for its turn, so that she may pick one that was used; then nothing is built.
      if ((await from(`s${n}@${mallory.jid.split('@')[1]}`)).type === 'empty') read += 1;
      const unused = new Set(recordsOf(bob, '/pre-key/').map((key) => Number(key.split('/').at(-1))));
      fewest = Math.min(fewest, publishedPreKeys(world, bob).filter((id) => unused.has(id)).length);
      if (n === Math.floor(FLOOD / 2)) half = bob.memory.snapshot().length;
      most = Math.max(most, bob.memory.snapshot().length);
    }
    expect(read).toBeGreaterThan(FLOOD / 3);
    expect(fewest).toBeGreaterThanOrEqual(25);
    // Four at once, and one whenever 25 of 50 were used.
    expect(sent.bundles).toBeLessThanOrEqual(4 + Math.ceil(read / 25));
    expect(most - half).toBeLessThan(20);
    expect(recordsOf(bob, '/session/')).toHaveLength(20);
  }, 600_000);
});

test('a used pre-key whose publication has to wait is published when its turn comes (R90, S17)', async () => {
  const { world, time, bob, from } = await flooded({ limits: { preKeys: 50, bundlePublications: 2 } });
  const sent = countSent(world, bob);
  for (let n = 0; n < 3; n++) {
    await from('mallory@example.com');
    await bob.omemo.settle();
  }
  // One was published by `start`.
  expect(sent.bundles).toBe(1);
  time.now += HOUR / 2;
  await bob.omemo.settle();
  expect(sent.bundles).toBe(2);
  const unused = new Set(recordsOf(bob, '/pre-key/').map((key) => Number(key.split('/').at(-1))));
  expect(publishedPreKeys(world, bob).every((id) => unused.has(id))).toBe(true);
});

test('an identity that a person decides on is asked for as before: strangers are no exception to trust', async () => {
  const { world, bob, keyExchange } = await flooded({ trust: manualTrust });
  const encrypted = await keyExchange();
  await bob.omemo.receive(incoming('mallory@example.com/x', bob.jid, encrypted));
  await world.quiet();
  await expect(bob.say('mallory@example.com', 'hello')).rejects.toMatchObject({ code: 'undecided-devices' });
});

test('device lists that events bring are kept for so many accounts we never wrote to, the newest; what is known of others stays (S17, S60)', async () => {
  const world = new World();
  const limits = { maxAnnouncedLists: 3 };
  const bob = await world.client('bob@example.net/desk', { limits });
  const [alice] = await world.started('alice@example.org/phone');
  await bob.omemo.start();
  await bob.say(alice.jid, 'hello');
  await world.calm();
  for (let n = 1; n <= 10; n++) {
    const event = deviceListEvent(`s${n}@spam.example`, [n]);
    expect(await bob.omemo.receive(event)).toMatchObject({ type: 'device-list', change: 'cached' });
    // The restart of a process changes nothing about it.
    if (n === 5) await bob.crash({ limits });
  }
  const lists = recordsOf(bob, '/device-list/').filter((key) => key.includes('spam'));
  expect(lists.map((key) => decodeURIComponent(key.split('/').at(-1)!)).sort()).toEqual([
    's10@spam.example',
    's8@spam.example',
    's9@spam.example',
  ]);
  expect(recordsOf(bob, `/device-list/${encodeURIComponent(alice.jid)}`)).toHaveLength(1);
});

test('a device list that was asked for before its stranger was forgotten counts as any other (S17, S60)', async () => {
  const limits = { maxStrangerDevices: 2, maxAnnouncedLists: 2 };
  const { world, bob, mallory } = await flooded({ limits });
  const from = async (jid: string) => {
    await mallory.omemo.replaceSessions({ jid: bob.jid });
    const encrypted = await mallory.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    expect(await bob.omemo.decryptPayload({ from: jid, encrypted })).toMatchObject({ type: 'empty' });
  };
  const lists = () => recordsOf(bob, '/device-list/').filter((key) => key.includes('spam'));
  for (let round = 0; round < 4; round++) {
    const name = (n: number) => `s${round}${n}@spam.example`;
    // An account without devices.
    world.server.register(name(0));
    await from(name(0));
    await bob.omemo.settle();
    // The answer comes when the stranger is forgotten already.
    const matches = (stanza: Element) => stanza.is('iq') && stanza.attrs['to'] === name(0);
    const hold = world.server.faults.hold({ jid: bob.connection.jid, direction: 'to-server', matches });
    const asking = bob.omemo.devices(name(0), { refresh: 'always' });
    while (hold.stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve));
    for (let n = 1; n < 3; n++) await from(name(n));
    expect(recordsOf(bob, `/session/s${round}0%40`)).toEqual([]);
    hold.stop();
    hold.release();
    await asking;
    expect(recordsOf(bob, `/device-list/s${round}0%40`)).toHaveLength(1);
  }
  expect(lists().length).toBeLessThanOrEqual(limits.maxStrangerDevices + limits.maxAnnouncedLists);
});
