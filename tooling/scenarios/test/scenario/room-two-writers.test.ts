import type { OmemoError } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { addressees, ROOM, RoomScene, roomOf } from '../../src/room-scene.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB, CAROL] = ['alice@example.org', 'bob@example.net', 'carol@example.com'];
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: OmemoError) => error.code,
  );
const isList = (iq: Element) => /muc#admin/.test(String(iq.getChild('query')?.getNS()));

/** Waits until a fault holds so many stanzas back. */
async function heldBack(held: { readonly stanzas: readonly Element[] }, count: number): Promise<void> {
  for (let turn = 0; turn < 10_000 && held.stanzas.length < count; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(held.stanzas).toHaveLength(count);
}

/** A room of Alice, Bob and Carol, and a second process on the store of Alice that the room tells nothing. */
async function setUp() {
  const world = new World();
  const [alice] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
  const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [BOB]: 'member', [CAROL]: 'member' } });
  const other = await Client.omemoOn(alice.connection, alice.memory);
  const holdLists = () => world.server.faults.hold({ jid: ALICE, direction: 'to-client', matches: isList });
  return { world, scene, alice, other: other.rooms.room(ROOM), holdLists };
}

const membersOf = async (client: Client) => (await roomOf(client).members()).map(({ jid }) => jid);

describe('lists that were asked for earlier and come later', () => {
  test('do not bring back whom another process has seen leave (S56, R106)', async () => {
    const { world, scene, alice, other, holdLists } = await setUp();
    await scene.enter(alice);
    const held = holdLists();
    const refreshed = other.refresh();
    await heldBack(held, 3);
    // The answers are written, with Bob in them, and have not come.
    scene.server.affiliate(BOB, 'none');
    await world.quiet();
    expect(await membersOf(alice)).toEqual([ALICE, CAROL]);
    held.stop();
    held.release();
    expect((await refreshed).members.map(({ jid }) => jid).sort()).toEqual([ALICE, CAROL]);
    expect(addressees((await scene.say(alice, 'to Carol')).encrypted)).toEqual([CAROL]);
  });

  test('do not bring back whom a later refresh did not find any more (S56)', async () => {
    const { scene, alice, holdLists } = await setUp();
    const held = holdLists();
    const earlier = roomOf(alice).refresh();
    await heldBack(held, 3);
    held.stop();
    scene.server.affiliate(BOB, 'none');
    await roomOf(alice).refresh();
    held.release();
    expect((await earlier).members.map(({ jid }) => jid).sort()).toEqual([ALICE, CAROL]);
    expect((await membersOf(alice)).sort()).toEqual([ALICE, CAROL]);
  });

  test('are given up when the members never hold still, and what was told stays (S56)', async () => {
    const { world, scene, alice, other, holdLists } = await setUp();
    await scene.enter(alice);
    const held = holdLists();
    const refused = codeOf(other.refresh());
    for (const affiliation of ['none', 'member', 'none'] as const) {
      await heldBack(held, 3);
      scene.server.affiliate(BOB, affiliation);
      await world.quiet();
      held.release();
    }
    held.stop();
    expect(await refused).toBe('contention');
    expect(await membersOf(alice)).toEqual([ALICE, CAROL]);
    expect(addressees((await scene.say(alice, 'to Carol')).encrypted)).toEqual([CAROL]);
  });

  test('that say the same as the store are no change, so that many processes can ask at once', async () => {
    const { world, alice, other, holdLists } = await setUp();
    await roomOf(alice).refresh();
    const stored = () => JSON.stringify(alice.memory.snapshot().filter(({ key }) => /room/.test(key)));
    const before = stored();
    const held = holdLists();
    const asking = Promise.all([roomOf(alice).refresh(), other.refresh()]);
    await heldBack(held, 6);
    held.stop();
    held.release();
    expect((await asking).map(({ lists }) => lists)).toEqual(['current', 'current']);
    expect(stored()).toBe(before);
    // A server may give a list in any order.
    world.server.faults.tamper({ jid: ALICE, direction: 'to-client', matches: isList }, (iq) => {
      iq.getChild('query')!.children.reverse();
      return iq;
    });
    await roomOf(alice).refresh();
    expect(stored()).toBe(before);
  });
});
