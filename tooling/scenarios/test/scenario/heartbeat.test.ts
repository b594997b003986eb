import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { countSent } from '../../src/published.ts';
import { encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

/** One message of one client to another, read, and what is owed for it paid. */
async function tell(world: World, from: Client, to: Client): Promise<void> {
  await from.say(to.jid, 'x');
  await world.quiet();
  await to.omemo.settle();
  await world.quiet();
}

const empties = (world: World, from: Client, to: Client) =>
  world.keys(from, to).filter(({ content }) => !content).length;

describe('a heartbeat', () => {
  test('is sent for the first message of a ratchet key numbered 53 or higher, and not before (R117)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = empties(world, bob, alice);
    const first = world.keys(alice, bob).length;
    for (let n = 0; n < 53; n++) await tell(world, alice, bob);
    expect(world.keys(alice, bob)[first]!.messageNumber).toBe(0);
    expect(world.keys(alice, bob).at(-1)!.messageNumber).toBe(52);
    expect(empties(world, bob, alice)).toBe(before);
    await tell(world, alice, bob);
    expect(world.keys(alice, bob).at(-1)!.messageNumber).toBe(53);
    expect(empties(world, bob, alice)).toBe(before + 1);
    await tell(world, alice, bob);
    // It turned the ratchet.
    expect(world.keys(alice, bob).at(-1)!.messageNumber).toBe(0);
  });

  test('is sent once for a ratchet key, however many messages follow while it is lost (S29)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = empties(world, bob, alice);
    const lost = world.server.faults.drop({
      direction: 'to-client',
      jid: alice.jid,
      matches: (stanza) => encryptedIn(stanza) !== undefined,
    });
    for (let n = 0; n < 120; n++) await tell(world, alice, bob);
    lost.stop();
    expect(empties(world, bob, alice)).toBe(before + 1);
  });

  test('is the message itself when there is one to send', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = empties(world, bob, alice);
    for (let n = 0; n < 54; n++) await alice.say(bob.jid, 'x');
    await world.quiet();
    await bob.say(alice.jid, 'enough');
    await world.calm();
    expect(empties(world, bob, alice)).toBe(before);
  });

  test('never answers a heartbeat: two that talk in turns send none over 1,000 messages (S29)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = empties(world, bob, alice) + empties(world, alice, bob);
    const handOver = async (from: Client, to: Client) => {
      const { encrypted } = await from.omemo.encryptPayload([to.jid], new Uint8Array(1));
      world.note(from.jid, encrypted);
      const result = await to.omemo.decryptPayload({ from: from.jid, encrypted });
      if (result.type === 'message') await to.omemo.ack([result.id]);
      await to.omemo.settle();
    };
    for (let round = 0; round < 500; round++) {
      await handOver(alice, bob);
      await handOver(bob, alice);
    }
    expect(empties(world, bob, alice) + empties(world, alice, bob)).toBe(before);
  });
});

test('of 1,000 empty messages one in 54 is answered by an empty one, which is a heartbeat and answered by none (S29)', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const sent = countSent(world, bob);
  for (let round = 0; round < 1_000; round++) {
    const encrypted = await alice.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    world.note(alice.jid, encrypted);
    expect((await bob.omemo.decryptPayload({ from: alice.jid, encrypted })).type).toBe('empty');
    await bob.omemo.settle();
    await world.quiet();
  }
  expect(sent.messages).toBe(Math.floor(1_000 / 54));
  // She owes none for them: they are the first of their chains.
  const before = world.keys(alice, bob).length;
  await alice.omemo.settle();
  expect(world.keys(alice, bob)).toHaveLength(before);
}, 30_000);

test('a message says whether it is late, and how many before it are missing', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  bob.deaf();
  for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
  await world.quiet();
  const [one, two, three] = bob.received.filter((stanza) => encryptedIn(stanza));
  expect(await bob.omemo.receive(three!)).toMatchObject({ order: 'current', missing: 2 });
  expect(await bob.omemo.receive(one!)).toMatchObject({ order: 'late', missing: 0 });
  expect(await bob.omemo.receive(two!)).toMatchObject({ order: 'late', missing: 0 });
});
