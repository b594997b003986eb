import { describe, expect, test } from 'vitest';
import { type Client, textOf } from '../../src/client.ts';
import { addressees, RoomScene, roomOf } from '../../src/room-scene.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB] = ['alice@example.org', 'bob@example.net'];
const limits = { preKeys: 25, maxAnnouncedLists: 4 };

/** Accounts of the flood that records of these kinds are kept of. */
function kept(client: Client, ...kinds: string[]): string[] {
  const found = client.memory.snapshot().flatMap(({ key }) => {
    const [, kind, jid] = key.split('/').map(decodeURIComponent);
    return kinds.includes(kind!) && jid!.endsWith('@flood.example') ? [jid!] : [];
  });
  return [...new Set(found)].sort();
}

/** Alice in a room with Bob, whose service names whom the test likes. */
async function setUp() {
  const world = new World();
  // No events: what is stored of the flood is what the room made her fetch.
  const alice = await world.client(`${ALICE}/phone`, { limits, connect: { notify: [] } });
  const bob = await world.client(`${BOB}/desk`);
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [BOB]: 'member' } });
  await scene.enter(alice);
  let named: readonly string[] = [];
  const name = async (jids: readonly string[]) => {
    for (const jid of named) scene.server.affiliate(jid, 'none');
    for (const jid of jids) scene.server.affiliate(jid, 'member');
    named = jids;
    await world.quiet();
    return scene.say(alice, `to ${jids.length}`);
  };
  return { world, scene, alice, name };
}

describe('a room that names ever new members', () => {
  test('leaves the lists of so many behind, the newest, and those of who is in it (S60)', async () => {
    const { world, alice, name } = await setUp();
    const accounts = Array.from({ length: 30 }, (_, n) => `m${String(n).padStart(2, '0')}@flood.example`);
    for (const jid of accounts) world.server.register(jid);
    for (let n = 0; n < accounts.length; n += 6) {
      await name(accounts.slice(n, n + 6));
      expect(kept(alice, 'device-list')).toEqual(accounts.slice(Math.max(0, n - 4), n + 6));
      // The restart of a process changes nothing about it.
      if (n === 12) await alice.crash({ limits });
      if (n === 12) await roomOf(alice).refresh();
    }
    // Nobody asks for lists again that are kept.
    world.server.log.length = 0;
    await roomOf(alice).send({ content: [body('to the same')] });
    expect(world.server.log.filter(({ direction, stanza }) => direction === 'to-server' && stanza.is('iq'))).toEqual(
      [],
    );
  });

  test('leaves the sessions and keys of so many behind; who is in it, or was written to alone, stays (S17, S60)', async () => {
    const { world, scene, alice, name } = await setUp();
    const names = Array.from({ length: 14 }, (_, n) => `m${String(n).padStart(2, '0')}@flood.example`);
    const flood: Client[] = [];
    for (const jid of names) flood.push(await world.client(`${jid}/x`));
    for (const client of flood) await client.omemo.start();
    await world.calm();
    const records = ['device-list', 'trust', 'session'];
    expect(addressees((await name(names.slice(0, 2))).encrypted)).toEqual([BOB, ...names.slice(0, 2)]);
    await alice.say(names[0]!, 'to you alone');
    await world.calm();
    for (let n = 2; n < names.length; n += 3) {
      // An application shows who is in it before it sends.
      if (n === 5) for (const jid of names.slice(n, n + 3)) await alice.omemo.devices(jid, { refresh: 'always' });
      expect((await name(names.slice(n, n + 3))).unreached).toEqual([]);
      await world.calm();
      expect(kept(alice, ...records)).toEqual([...new Set([names[0], ...names.slice(Math.max(0, n - 4), n + 3)])]);
    }
    // One that comes back is written to like a new one.
    expect(addressees((await name([names[2]!])).encrypted)).toEqual([BOB, names[2]]);
    await scene.enter(flood[2]!);
    expect(textOf((await scene.readArchive(flood[2]!)).at(-1))).toBe('to 1');
  });
});

test('devices of members who wrote to us stay while they are members, however many strangers write (S17, S60)', async () => {
  const { world, scene, alice } = await setUp();
  const names = [0, 1, 2].map((n) => `m0${n}@flood.example`);
  const [m0, m1, m2] = await Promise.all(names.map((jid) => world.client(`${jid}/x`)));
  for (const client of [m0!, m1!, m2!]) await client.omemo.start();
  await world.calm();
  await alice.crash({ limits: { ...limits, maxStrangerDevices: 1 } });
  scene.server.affiliate(names[0]!, 'member');
  await world.quiet();
  const after = async (client: Client | undefined) => {
    await client!.say(ALICE, 'hello');
    await world.calm();
    return kept(alice, 'session');
  };
  expect(await after(m0)).toEqual([names[0]]);
  expect(await after(m1)).toEqual([names[0], names[1]]);
  expect(await after(m2)).toEqual([names[0], names[2]]);
  scene.server.affiliate(names[0]!, 'none');
  await world.quiet();
  expect(await after(m1)).toEqual([names[1]]);
});
