import type { OmemoError, RoomMembersEvent } from '@omemo-kit/omemo-core';
import { type Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { onceAt } from '../../src/pauses.ts';
import { addressees, ROOM, RoomScene, roomOf } from '../../src/room-scene.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB, CAROL, DAVE] = ['alice@example.org', 'bob@example.net', 'carol@example.com', 'dave@example.com'];
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: OmemoError) => error.code,
  );
const NS_USER = 'http://jabber.org/protocol/muc#user';

/** Waits until a fault holds so many stanzas back. */
async function heldBack(held: { readonly stanzas: readonly Element[] }, count: number): Promise<void> {
  for (let turn = 0; turn < 10_000 && held.stanzas.length < count; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(held.stanzas).toHaveLength(count);
}

/** Alice owns a room that Bob is a member of; Carol has OMEMO and is not. */
async function setUp() {
  const world = new World();
  const [alice, bob, carol] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
  world.server.register(DAVE);
  const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [BOB]: 'member' } });
  return { world, scene, alice, bob, carol };
}

const membersOf = async (client: Client) => (await roomOf(client).members()).map(({ jid }) => jid);
const told = (client: Client) => {
  const events: RoomMembersEvent[] = [];
  client.omemo.on('room-members', (event) => events.push(event));
  return events;
};

describe('membership', () => {
  test('follows affiliations that are given and taken, of who is there and who is not (R106)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    const events = told(alice);
    alice.results.length = 0;
    scene.server.affiliate(CAROL, 'member');
    await world.quiet();
    scene.server.affiliate(BOB, 'admin');
    await world.quiet();
    expect(await membersOf(alice)).toEqual([ALICE, BOB, CAROL]);
    expect(addressees((await scene.say(alice, 'to three')).encrypted)).toEqual([BOB, CAROL]);
    // Bob is put out, Carol is not even there.
    scene.server.affiliate(BOB, 'none');
    scene.server.affiliate(CAROL, 'outcast');
    scene.server.affiliate(DAVE, 'owner');
    await world.quiet();
    expect(await membersOf(alice)).toEqual([ALICE, DAVE]);
    expect(await codeOf(scene.say(alice, 'to Dave'))).toBe('no-devices');
    const changes = events.map(({ added, removed, state }) => [added, removed, state]);
    expect(changes).toEqual([
      [[CAROL], [], 'current'],
      [[], [BOB], 'current'],
      [[], [CAROL], 'current'],
      [[DAVE], [], 'current'],
    ]);
    expect(alice.results.filter(({ type }) => type === 'room-members')).toEqual(events);
  });

  test('is kept in the store, and what two processes are told counts for both', async () => {
    const { world, scene, alice } = await setUp();
    await scene.enter(alice);
    const other = await Client.omemoOn(alice.connection, alice.memory);
    expect(await other.rooms.list()).toEqual([ROOM]);
    scene.server.affiliate(CAROL, 'member');
    await world.quiet();
    const { encrypted } = await other.rooms.room(ROOM).encrypt({ content: [body('from the other tab')] });
    world.note(ALICE, encrypted);
    expect(addressees(encrypted)).toEqual([BOB, CAROL]);
    await alice.crash();
    expect(await membersOf(alice)).toEqual([ALICE, BOB, CAROL]);
    await roomOf(alice).forget();
    expect([await alice.omemo.rooms.list(), await codeOf(scene.say(alice, 'where?'))]).toEqual([[], 'room-unknown']);
  });

  test('is asked for anew after each join, since nobody told of changes before (R104)', async () => {
    const { world, scene, alice } = await setUp();
    await scene.enter(alice);
    await scene.leave(alice);
    expect(alice.results.at(-1)).toMatchObject({ type: 'room-members', state: 'left' });
    scene.server.affiliate(BOB, 'none');
    expect(await codeOf(scene.say(alice, 'who is there?'))).toBe('room-unknown');
    await scene.enter(alice);
    expect(await membersOf(alice)).toEqual([ALICE]);
    // The connection breaks without a word, and there is a new one.
    alice.connection.disconnect();
    scene.server.affiliate(CAROL, 'member');
    await world.quiet();
    alice.connection.reconnect();
    await alice.omemo.start();
    expect(await codeOf(scene.say(alice, 'and now?'))).toBe('room-unknown');
    const events = told(alice);
    await scene.enter(alice);
    expect(events.map(({ added, state }) => [added, state])).toEqual([
      [[], 'stale'],
      [[CAROL], 'current'],
    ]);
  });

  test('is that of when it was written for a message without a connection, which waits until the room is entered again', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    await scene.say(alice, 'hello');
    await world.calm();
    alice.connection.disconnect();
    const { id, delivery } = await scene.say(alice, 'written offline');
    expect(delivery).toBe('queued');
    alice.connection.reconnect();
    await alice.omemo.start();
    await alice.omemo.flush();
    await world.quiet();
    expect([(await alice.omemo.outbox()).map((entry) => entry.id), bob.texts]).toEqual([[id], ['hello']]);
    expect(alice.types).not.toContain('bounced');
    await scene.enter(alice);
    expect([await alice.omemo.outbox(), bob.texts]).toEqual([[], ['hello', 'written offline']]);
  });

  test('is asked for before a message when the configuration has changed, so that nobody has to wait for upkeep', async () => {
    const { world, scene, alice } = await setUp();
    await scene.enter(alice);
    scene.server.configure({ membership: 'open' });
    await world.quiet();
    expect(alice.results.at(-1)).toMatchObject({ type: 'room-members', added: [], removed: [], state: 'stale' });
    expect(await codeOf(scene.say(alice, 'is it still closed?'))).toBe('room-open');
    // A room that does not answer is left alone for a minute, and not written to.
    const isDisco = (iq: Element) => /disco#info/.test(String(iq.getChild('query')?.getNS()));
    const silent = world.server.faults.drop({ jid: ALICE, direction: 'to-server', matches: isDisco });
    scene.server.configure({ membership: 'members-only' });
    await world.quiet();
    const error = await scene.say(alice, 'and now?').catch((thrown: OmemoError) => thrown);
    expect(error).toMatchObject({ code: 'room-unknown', cause: { condition: 'timeout' } });
    expect([await codeOf(scene.say(alice, 'and now?')), silent.hits]).toEqual(['room-unknown', 1]);
    silent.stop();
    await roomOf(alice).refresh();
    expect(await codeOf(scene.say(alice, 'it is closed'))).toBe('ok');
  });

  test('has what was told while the lists were under way on top of them (R106)', async () => {
    const { world, scene, alice, bob } = await setUp();
    scene.server.affiliate(CAROL, 'member');
    await scene.enter(bob);
    await scene.enter(alice);
    const isList = (iq: Element) => /muc#admin/.test(String(iq.getChild('query')?.getNS()));
    const held = world.server.faults.hold({ jid: ALICE, direction: 'to-client', matches: isList });
    const refreshed = roomOf(alice).refresh();
    await heldBack(held, 3);
    // The answers are written and have not come; Carol goes and Dave comes.
    scene.server.affiliate(CAROL, 'none');
    scene.server.affiliate(DAVE, 'member');
    await world.quiet();
    held.release();
    held.stop();
    expect((await refreshed).members.map(({ jid }) => jid).sort()).toEqual([ALICE, BOB, DAVE]);
    expect(await membersOf(alice)).toEqual([ALICE, BOB, DAVE]);
  });

  test('is asked for again when the room is entered while it is asked: what came before that does not count (R104)', async () => {
    const { world, scene, alice } = await setUp();
    const isDisco = (iq: Element) => /disco#info/.test(String(iq.getChild('query')?.getNS()));
    const held = world.server.faults.hold({ jid: ALICE, direction: 'to-client', matches: isDisco, times: 1 });
    const refreshed = roomOf(alice).refresh();
    await heldBack(held, 1);
    await alice.connection.send(
      parse(`<presence to="${ROOM}/alice"><x xmlns="http://jabber.org/protocol/muc"/></presence>`),
    );
    await world.quiet();
    world.server.log.length = 0;
    held.release();
    expect((await refreshed).lists).toBe('current');
    const asked = world.server.log.filter(({ direction, stanza }) => direction === 'to-server' && isDisco(stanza));
    expect(asked).toHaveLength(1);
    expect(await codeOf(scene.say(alice, 'now it is known'))).toBe('ok');
  });

  test('ends with the room, and with being put out of it', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    scene.server.affiliate(BOB, 'outcast');
    await world.quiet();
    expect(bob.results.at(-1)).toMatchObject({ type: 'room-members', removed: [BOB], state: 'left' });
    expect(await codeOf(scene.say(bob, 'let me in'))).toBe('room-unknown');
    const destroy = `<iq type="set" to="${ROOM}"><query xmlns="http://jabber.org/protocol/muc#owner"><destroy/></query></iq>`;
    await alice.connection.transport.request(parse(destroy));
    await world.quiet();
    expect(alice.results.at(-1)).toMatchObject({ type: 'room-members', state: 'destroyed' });
    expect([await codeOf(scene.say(alice, 'hello?')), roomOf(alice).occupants]).toEqual(['room-unknown', []]);
  });

  test('is not changed by what only looks like a room, nor by what occupants write (S56)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    const item = (jid: string, affiliation: string) =>
      `<x xmlns="${NS_USER}"><item affiliation="${affiliation}" jid="${jid}" role="none"/></x>`;
    const forged = [
      // An occupant writes to the room, or in private.
      `<message type="groupchat" from="${ROOM}/bob">${item(DAVE, 'member')}<body>hi</body></message>`,
      `<message type="chat" from="${ROOM}/bob">${item(ALICE, 'none')}<body>hi</body></message>`,
      // Somebody else, and another room that nobody named.
      `<message type="groupchat" from="${BOB}">${item(DAVE, 'member')}</message>`,
      `<presence from="${BOB}/x">${item(DAVE, 'member')}</presence>`,
      `<presence from="other@muc.example.org/bob">${item(DAVE, 'member')}</presence>`,
      // An error echoes what was sent; two elements compete.
      `<message type="error" from="${ROOM}">${item(DAVE, 'member')}</message>`,
      `<presence type="error" from="${ROOM}/bob">${item(DAVE, 'member')}</presence>`,
      `<presence from="${ROOM}/bob">${item(DAVE, 'member')}${item(BOB, 'member')}</presence>`,
      // It is no account.
      `<message from="${ROOM}">${item('example.com', 'member')}</message>`,
      `<message from="${ROOM}">${item('no jid@', 'member')}</message>`,
    ];
    const before = JSON.stringify(await roomOf(alice).known());
    const types = new Set<string>();
    for (const stanza of forged) types.add((await alice.omemo.receive(parse(stanza))).type);
    expect(JSON.stringify(await roomOf(alice).known())).toBe(before);
    expect([...types].sort()).toEqual(['ignored', 'invalid']);
    expect(addressees((await scene.say(alice, 'to Bob only')).encrypted)).toEqual([BOB]);
    await world.quiet();
    const real = parse(`<message from="${ROOM}" to="${alice.connection.jid}">${item(DAVE, 'member')}</message>`);
    expect(await alice.omemo.receive(real)).toMatchObject({ type: 'room-members', added: [DAVE] });
  });

  test('is limited: a room that has more members than a message can be for is told as that', async () => {
    const { world, scene, alice } = await setUp();
    await alice.crash({ limits: { preKeys: 25, maxRoomMembers: 2 } });
    await scene.enter(alice);
    scene.server.affiliate(CAROL, 'member');
    await world.quiet();
    expect(await codeOf(scene.say(alice, 'one too many'))).toBe('room-too-large');
    expect(await membersOf(alice)).toHaveLength(2);
    scene.server.affiliate(CAROL, 'none');
    await world.quiet();
    await roomOf(alice).refresh();
    expect(await codeOf(scene.say(alice, 'back again'))).toBe('ok');
  });
});

describe('an approved membership', () => {
  test('is what a message is for, and any other is refused with who came and who went (S56)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    const approved = await roomOf(alice).membership();
    expect(approved.members.map(({ jid, affiliation }) => [jid, affiliation])).toEqual([
      [ALICE, 'owner'],
      [BOB, 'member'],
    ]);
    expect(addressees((await scene.say(alice, 'as agreed', { approved })).encrypted)).toEqual([BOB]);
    // Another affiliation is no other member.
    scene.server.affiliate(BOB, 'admin');
    await world.quiet();
    expect(await codeOf(scene.say(alice, 'still as agreed', { approved }))).toBe('ok');
    const sessions = () => JSON.stringify(alice.memory.snapshot().filter(({ key }) => /session|outbox/.test(key)));
    scene.server.affiliate(CAROL, 'member');
    scene.server.affiliate(BOB, 'none');
    await world.quiet();
    const before = sessions();
    const error = await scene.say(alice, 'who is that?', { approved }).catch((thrown: OmemoError) => thrown);
    expect(error).toMatchObject({
      code: 'membership-changed',
      details: { room: ROOM, added: [CAROL], removed: [BOB] },
    });
    expect(sessions()).toBe(before);
    const again = await roomOf(alice).membership();
    expect(addressees((await scene.say(alice, 'hello Carol', { approved: again })).encrypted)).toEqual([CAROL]);
  });

  test('holds in the very commit: who another process has seen leave gets no key (S56)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    scene.server.affiliate(CAROL, 'member');
    await world.calm();
    await scene.say(alice, 'to Bob and Carol');
    const leave = async () => {
      scene.server.affiliate(BOB, 'none');
      await world.quiet();
    };
    const store = alice.memory.open({ pause: onceAt(({ operation }) => operation === 'commit', leave) });
    const other = await Client.omemoOn(alice.connection, alice.memory, { store });
    const { encrypted } = await other.rooms.room(ROOM).encrypt({ content: [body('to whom?')] });
    world.note(ALICE, encrypted);
    expect([addressees(encrypted), await membersOf(alice)]).toEqual([[CAROL], [ALICE, CAROL]]);
  });

  test('holds while devices are fetched: who joins meanwhile gets nothing, who leaves neither (S56)', async () => {
    const { world, scene, alice } = await setUp();
    await scene.enter(alice);
    const approved = await roomOf(alice).membership();
    const isBundle = /bundles/;
    const held = world.server.faults.hold({
      jid: ALICE,
      direction: 'to-server',
      matches: (iq) => isBundle.test(String(iq.getChild('pubsub')?.getChild('items')?.attrs['node'])),
      times: 1,
    });
    const refused = codeOf(scene.say(alice, 'to Bob', { approved }));
    await heldBack(held, 1);
    scene.server.affiliate(CAROL, 'member');
    await world.quiet();
    held.release();
    expect(await refused).toBe('membership-changed');
    // Without an approval the one who left gets no key, and the one who came gets one.
    const heldAgain = world.server.faults.hold({
      jid: ALICE,
      direction: 'to-server',
      matches: (iq) => isBundle.test(String(iq.getChild('pubsub')?.getChild('items')?.attrs['node'])),
      times: 1,
    });
    const sent = scene.say(alice, 'to whoever is in it');
    await heldBack(heldAgain, 1);
    scene.server.affiliate(CAROL, 'none');
    scene.server.affiliate(DAVE, 'member');
    await world.quiet();
    heldAgain.release();
    expect(addressees((await sent).encrypted)).toEqual([BOB]);
    expect((await sent).unreached).toMatchObject([{ jid: DAVE, reason: 'no-devices' }]);
  });
});
