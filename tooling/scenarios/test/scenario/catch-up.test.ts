import { systemRandomness } from '@omemo-kit/omemo-core';
import { bundleRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import type { Element } from 'ltx';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Client, type ClientOptions, textOf } from '../../src/client.ts';
import { countSent, publishedPreKeys } from '../../src/published.ts';
import { keyExchangeIn } from '../../src/rewrite-key.ts';
import { copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);
/** Everybody picks the pre-key that is listed first. */
const samePreKey = { ...systemRandomness, choosePreKey: <T>(keys: readonly T[]) => keys[0] as T };
const catchUp = { delivery: 'catch-up' } as const;

/** Bob, who was away, and the archive of what was written to him, in the order it came. */
async function away(senders: readonly string[], messages: number, options: ClientOptions = {}) {
  const world = new World();
  const time = { now: START };
  const clock = () => time.now;
  const bob = await world.client('bob@example.net/desk', { clock, ...options });
  await bob.omemo.start();
  bob.deaf();
  const others: Client[] = [];
  for (const jid of senders) others.push(await world.client(jid, { randomness: samePreKey }));
  for (const other of others) await other.omemo.start();
  await world.calm();
  for (let n = 0; n < messages; n++) await others[n % others.length]!.say(bob.jid, `message ${n}`);
  await world.quiet();
  const archive = bob.received.splice(0).filter((stanza) => encryptedIn(stanza) !== undefined);
  expect(archive).toHaveLength(messages);
  return { world, time, clock, bob, others, archive, sent: countSent(world, bob) };
}

/** Reads an archive's messages and says which could be read. */
async function read(client: Client, archive: readonly Element[]): Promise<string[]> {
  const texts: string[] = [];
  for (const stanza of archive) texts.push(textOf(await client.omemo.receive(copyOf(stanza), catchUp)) ?? '');
  return texts;
}

const bundleOf = (client: Client) =>
  bundleRecord.decode(client.memory.snapshot().find(({ key }) => key === recordKeys(client.jid).bundle)!);
const privateHalves = (client: Client) =>
  client.memory.snapshot().flatMap(({ key }) => (key.includes('/pre-key/') ? [Number(key.split('/').at(-1))] : []));
const emptiesTo = (world: World, bob: Client, other: Client) =>
  world.keys(bob, other).filter(({ content }) => !content).length;

describe('catch-up', () => {
  test('of 300 messages, two senders on one pre-key, a crash in the middle: all are read, one publication and one answer a device at the end (R111, R112, X46)', async () => {
    const scene = await away(['alice@example.org/phone', 'carol@example.org/phone'], 300);
    const { world, time, clock, bob, others, archive, sent } = scene;
    const preKeys = archive.slice(0, 2).map((stanza) => keyExchangeIn(stanza, bob.omemo.deviceId).pkId);
    expect(preKeys).toEqual([1, 1]);

    // The crash comes between the two senders' first messages, and again later.
    const texts = await read(bob, archive.slice(0, 1));
    await bob.crash({ clock });
    await bob.omemo.start();
    texts.push(...(await read(bob, archive.slice(1, 150))));
    await bob.crash({ clock });
    await bob.omemo.start();
    texts.push(...(await read(bob, archive.slice(150))));
    expect(texts).toEqual(Array.from({ length: 300 }, (_, n) => `message ${n}`));
    expect(sent).toEqual({ bundles: 0, messages: 0 });
    expect(privateHalves(bob)).toContain(1);

    await bob.omemo.finishCatchUp();
    await bob.omemo.settle();
    await bob.omemo.settle();
    expect(sent).toEqual({ bundles: 1, messages: 2 });
    // Whether the processes before are gone for good nobody knows: for an hour they may still read.
    expect(privateHalves(bob)).toContain(1);
    time.now += HOUR;
    await bob.omemo.settle();
    expect(privateHalves(bob)).not.toContain(1);
    expect(others.map((other) => emptiesTo(world, bob, other))).toEqual([1, 1]);
    expect(publishedPreKeys(world, bob)).not.toContain(1);
    expect(publishedPreKeys(world, bob)).toHaveLength(25);
    // The answers moved both ratchets away from the pre-key that was used twice.
    await world.calm();
    for (const other of others) {
      await other.say(bob.jid, 'and now');
      await world.quiet();
      expect(world.keys(other, bob).at(-1)).toMatchObject({ keyExchange: false, messageNumber: 0 });
    }
  });

  test('is not disturbed by the upkeep that a live message triggers (X46)', async () => {
    const { world, bob, others, archive, sent } = await away(['alice@example.org/phone', 'carol@example.org/phone'], 2);
    await read(bob, archive.slice(0, 1));
    const dora = await world.client('dora@example.org/phone', { randomness: samePreKey });
    await dora.omemo.start();
    await dora.say(bob.jid, 'live');
    await world.quiet();
    const live = bob.received.filter((stanza) => encryptedIn(stanza) !== undefined).at(-1)!;
    // The bundle still shows the pre-key that Alice used: it is not published before the end.
    expect(keyExchangeIn(live, bob.omemo.deviceId).pkId).toBe(1);
    expect(textOf(await bob.omemo.receive(live))).toBe('live');
    expect(await bob.omemo.settle()).toEqual([]);
    expect(sent).toEqual({ bundles: 0, messages: 0 });
    expect(await read(bob, archive.slice(1))).toEqual(['message 1']);
    await bob.omemo.finishCatchUp();
    await bob.omemo.settle();
    expect(sent).toEqual({ bundles: 1, messages: 3 });
    for (const other of [...others, dora]) expect(emptiesTo(world, bob, other)).toBe(1);
    expect(bundleOf(bob)).toMatchObject({ retained: [], dirty: false });
  });

  test('pays heartbeats at its end too, and what is written meanwhile pays what is owed to its devices (R112, R117)', async () => {
    const { world, bob, others, archive, sent } = await away(
      ['alice@example.org/phone', 'carol@example.org/phone'],
      120,
    );
    await read(bob, archive);
    await bob.omemo.settle();
    expect(sent.messages).toBe(0);
    await bob.say(others[0]!.jid, 'I am back');
    await bob.omemo.finishCatchUp();
    await bob.omemo.settle();
    expect(others.map((other) => emptiesTo(world, bob, other))).toEqual([0, 1]);
  });

  test('that nobody finishes is over an hour after its last key exchange, by the next upkeep (X46)', async () => {
    const { time, clock, bob, archive, sent } = await away(['alice@example.org/phone'], 1);
    await read(bob, archive);
    time.now += HOUR - 1;
    await bob.crash({ clock });
    await bob.omemo.start();
    expect([sent.bundles, privateHalves(bob).includes(1)]).toEqual([0, true]);
    time.now += 1;
    await bob.omemo.settle();
    expect([sent, privateHalves(bob).includes(1)]).toEqual([{ bundles: 1, messages: 1 }, false]);
  });

  test('that nobody finishes ends also where no stanza comes that would wake upkeep', async () => {
    const { time, clock, bob, archive, sent } = await away(['alice@example.org/phone'], 1);
    await read(bob, archive);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await bob.crash({ clock, upkeep: 'automatic' });
    await bob.omemo.start();
    time.now += HOUR;
    await vi.advanceTimersByTimeAsync(HOUR + 1);
    vi.useRealTimers();
    await vi.waitUntil(() => sent.messages === 1);
    expect(sent.bundles).toBe(1);
    await bob.omemo.close();
  });

  test('that a clock put back dates into the time to come is not under way for years', async () => {
    const { time, bob, archive, sent } = await away(['alice@example.org/phone'], 1);
    await read(bob, archive);
    time.now -= 1_000 * HOUR;
    await bob.omemo.settle();
    expect(sent).toEqual({ bundles: 1, messages: 1 });
  });

  /** Two processes on Bob's store, and the archive: Alice and Carol in turns, both on one pre-key. */
  const twoProcesses = async (limits: ClientOptions['limits'] = {}) => {
    const scene = await away(['alice@example.org/phone', 'carol@example.org/phone'], 4, { limits });
    const process = () => Client.omemoOn(scene.bob.connection, scene.bob.memory, { clock: scene.clock, limits });
    const take = async (omemo: Client['omemo'], n: number) =>
      textOf(await omemo.receive(copyOf(scene.archive[n]!), catchUp)) ?? 'unread';
    return { ...scene, process, take };
  };

  test('of another process ends by itself: ours goes on, and what it still needs is there (R111, S14)', async () => {
    const { bob, process, take } = await twoProcesses();
    const other = await process();
    expect(await take(bob.omemo, 0)).toBe('message 0');
    await other.finishCatchUp();
    expect(await take(bob.omemo, 1)).toBe('message 1');
    await bob.omemo.finishCatchUp();
    expect(privateHalves(bob)).not.toContain(1);
  });

  test('of a process that has read no key exchange yet counts as well (R111, S14)', async () => {
    const { bob, process, take } = await twoProcesses();
    const other = await process();
    expect(await take(other, 0)).toBe('message 0');
    expect(await take(bob.omemo, 2)).toBe('message 2');
    await other.finishCatchUp();
    expect(await take(bob.omemo, 1)).toBe('message 1');
    await bob.omemo.finishCatchUp();
    expect(privateHalves(bob)).not.toContain(1);
  });

  test('of more processes than the limit: the one that was silent longest is taken to be gone (S60)', async () => {
    const { bob, time, process, take } = await twoProcesses({ maxCatchUps: 2 });
    const processes = [bob.omemo, await process(), await process()] as const;
    for (const [n, omemo] of processes.entries()) {
      time.now += 1;
      expect(await take(omemo, n)).toBe(`message ${n}`);
    }
    await processes[2].finishCatchUp();
    expect(privateHalves(bob)).toContain(1);
    await processes[1].finishCatchUp();
    expect(privateHalves(bob)).not.toContain(1);
  });

  test('publishes the bundle before its end where the server has none at all', async () => {
    const { world, clock, bob, archive, sent } = await away(['alice@example.org/phone'], 1);
    await read(bob, archive);
    await bob.connection.transport.retract({
      node: 'urn:xmpp:omemo:2:bundles',
      itemId: String(bob.omemo.deviceId),
    });
    await bob.crash({ clock });
    await bob.omemo.start();
    expect(sent).toEqual({ bundles: 1, messages: 0 });
    expect(publishedPreKeys(world, bob)).not.toContain(1);
  });

  test('deletes used pre-keys at once for who asks for that, and a second sender’s message is lost then (R113)', async () => {
    const options = { usedPreKeys: 'delete-at-once' } as const;
    const scene = await away(['alice@example.org/phone', 'carol@example.org/phone'], 2, options);
    const { bob, archive, sent } = scene;
    expect(textOf(await bob.omemo.receive(archive[0]!, catchUp))).toBe('message 0');
    expect(privateHalves(bob)).not.toContain(1);
    expect(await bob.omemo.receive(archive[1]!, catchUp)).toMatchObject({ type: 'failed', code: 'unknown-pre-key' });
    expect(sent).toEqual({ bundles: 0, messages: 0 });
    await bob.omemo.finishCatchUp();
    await bob.omemo.settle();
    expect(sent).toEqual({ bundles: 1, messages: 1 });
  });

  test('retains no more uses of pre-keys than its limit, and nothing is lost by that but a third sender (R111)', async () => {
    const jids = ['alice@example.org/1', 'carol@example.org/1', 'dora@example.org/1', 'erik@example.org/1'];
    const { bob, archive } = await away(jids, 4, { limits: { maxRetainedUses: 2 } });
    expect(await read(bob, archive)).toEqual(['message 0', 'message 1', 'message 2', '']);
    expect(bundleOf(bob).retained).toEqual([]);
    expect(privateHalves(bob)).not.toContain(1);
  });
});
