import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
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

  test('never answers a heartbeat: two that talk in turns send none in 200 rounds (S29)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const before = empties(world, bob, alice) + empties(world, alice, bob);
    for (let round = 0; round < 100; round++) {
      await tell(world, alice, bob);
      await tell(world, bob, alice);
    }
    expect(empties(world, bob, alice) + empties(world, alice, bob)).toBe(before);
  });
});

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
