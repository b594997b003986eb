import { systemRandomness } from '@omemo-kit/omemo-core';
import { expect, test } from 'vitest';
import { type Client, textOf } from '../../src/client.ts';
import { encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const randomness = { ...systemRandomness, choosePreKey: <Key>(keys: readonly Key[]) => keys[0]! };

/** Devices that all pick the first pre-key of a bundle. */
async function hasty(world: World, jid: string, clock = Date.now): Promise<Client> {
  const client = await world.client(jid, { randomness, clock });
  await client.omemo.start();
  await world.calm();
  return client;
}

async function take(client: Client): Promise<(string | undefined)[]> {
  const stanzas = client.received.splice(0).filter((stanza) => encryptedIn(stanza) !== undefined);
  const results = [];
  for (const stanza of stanzas) results.push(await client.omemo.receive(stanza));
  return results.map((result) => textOf(result) ?? ('code' in result ? result.code : result.type));
}

/** Alice and Bob have written to each other, and both pre-keys had been used by the time that their messages came. */
async function bothTooLate(clock = Date.now) {
  const world = new World();
  const alice = await hasty(world, 'alice@example.org/phone', clock);
  const bob = await hasty(world, 'bob@example.net/desk');
  const carol = await hasty(world, 'carol@example.com/web');
  for (const client of [alice, bob]) client.deaf();
  for (const { jid } of [alice, bob]) await carol.say(jid, 'first');
  await alice.say(bob.jid, 'from Alice');
  await bob.say(alice.jid, 'from Bob');
  await world.quiet();
  return { world, alice, bob };
}

test('two key exchanges that both came too late for their pre-keys do not keep two people apart for ever (X20, R131)', async () => {
  const { world, alice, bob } = await bothTooLate();
  for (const client of [alice, bob]) expect(await take(client)).toEqual(['first', 'unknown-pre-key']);
  for (const client of [alice, bob]) expect(await client.omemo.settle()).toEqual([]);
  await world.quiet();
  for (const client of [alice, bob]) await take(client);
  await alice.say(bob.jid, 'again');
  await bob.say(alice.jid, 'as well');
  await world.quiet();
  expect(await take(bob)).toContain('again');
  expect(await take(alice)).toContain('as well');
});

test('a key exchange that came too late starts nothing where the device has answered (R131, S30)', async () => {
  let now = Date.now();
  const { world, alice, bob } = await bothTooLate(() => now);
  await take(alice);
  await alice.omemo.settle();
  await world.quiet();
  await take(bob);
  await bob.omemo.settle();
  await bob.say(alice.jid, 'read');
  await world.quiet();
  expect(await take(alice)).toContain('read');
  // No session was started for long. Bob has answered; his late key exchange comes once more.
  now += 86_400_000;
  const before = alice.memory.snapshot();
  const forged = world.server.archive(alice.jid).find(({ stanza }) => stanza.attrs['from'] === bob.connection.jid)!;
  expect(await alice.omemo.receive(forged.stanza)).toMatchObject({ type: 'failed', code: 'unknown-pre-key' });
  expect(alice.memory.snapshot()).toEqual(before);
});

test('a replacement whose key exchange came too late for its pre-key is made again while the device goes on with the old session (R115)', async () => {
  const world = new World();
  const alice = await hasty(world, 'alice@example.org/phone');
  const bob = await hasty(world, 'bob@example.net/desk');
  const carol = await hasty(world, 'carol@example.com/web');
  const turns = async () => {
    await world.quiet();
    for (const client of [alice, bob]) await client.omemo.settle();
    await world.quiet();
  };
  await alice.say(bob.jid, 'one');
  await turns();
  await bob.say(alice.jid, 'two');
  await turns();
  await alice.omemo.replaceSessions({ jid: bob.jid });
  bob.deaf();
  bob.received.length = 0;
  await carol.say(bob.jid, 'on the same pre-key');
  await alice.omemo.settle();
  await world.quiet();
  expect(await take(bob)).toEqual(['on the same pre-key', 'unknown-pre-key']);
  const read: unknown[] = [];
  for (let exchange = 0; exchange < 10; exchange++) {
    await alice.say(bob.jid, `exchange ${exchange}`);
    await bob.say(alice.jid, `answer ${exchange}`);
    await turns();
    read.push(...(await take(bob)));
    await turns();
  }
  expect(read).toContain('exchange 9');
  expect(alice.texts).toContain('answer 9');
});
