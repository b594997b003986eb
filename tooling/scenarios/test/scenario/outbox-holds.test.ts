import type { UnsentEvent } from '@omemo-kit/omemo-core';
import { type Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { ROOM, RoomScene, roomOf } from '../../src/room-scene.ts';
import { World } from '../../src/world.ts';

const held = async (client: Client) =>
  (await client.omemo.outbox()).filter(({ empty }) => !empty).map((entry) => [entry.id, entry.held]);

/** Waits until a fault holds something back. */
async function heldBack(hold: { readonly stanzas: readonly Element[] }): Promise<void> {
  for (let turn = 0; turn < 10_000 && hold.stanzas.length === 0; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(hold.stanzas.length).toBeGreaterThan(0);
}

describe('an opt-out', () => {
  /** Bob wrote without a connection; Alice asked for plain text meanwhile, which he has read. */
  async function queuedAndOptedOut() {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.connection.disconnect();
    expect(await bob.say(alice.jid, 'a secret', 'm1')).toMatchObject({ delivery: 'queued' });
    await alice.omemo.optOut.send({ to: bob.jid });
    bob.connection.reconnect();
    await world.quiet();
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: false });
    return { world, alice, bob };
  }

  test('holds what was queued before it, over crashes, and shows why; it goes once the user resumes (R98, X44)', async () => {
    const { world, alice, bob } = await queuedAndOptedOut();
    await bob.crash();
    await bob.omemo.start();
    expect(await bob.omemo.flush()).toBe(0);
    await world.calm();
    expect(alice.texts).toEqual([]);
    expect(await held(bob)).toEqual([['m1', 'opted-out']]);
    // Agreeing to plain text is no reason to send what was meant to be encrypted.
    await bob.omemo.optOut.confirm(alice.jid);
    expect(await bob.omemo.resend(['m1'])).toBe(0);
    await bob.omemo.optOut.resume(alice.jid);
    await world.calm();
    expect([alice.texts, await held(bob)]).toEqual([['a secret'], []]);
  });

  test('keeps nobody else waiting, nor empty messages, and what it holds can be discarded (R98, R99)', async () => {
    const { world, alice, bob } = await queuedAndOptedOut();
    const carol = await world.client('carol@example.org/x');
    await carol.omemo.start();
    await world.calm();
    await bob.say(carol.jid, 'hello');
    await world.calm();
    bob.connection.disconnect();
    await bob.say(carol.jid, 'to somebody else', 'm2');
    bob.connection.reconnect();
    await bob.omemo.start();
    await world.calm();
    expect([carol.texts, await held(bob)]).toEqual([['hello', 'to somebody else'], [['m1', 'opted-out']]]);
    await bob.omemo.discard(['m1']);
    await bob.omemo.optOut.resume(alice.jid);
    await world.calm();
    expect([alice.texts, await bob.omemo.outbox()]).toEqual([[], []]);
  });

  test('that is read while a message waits to leave holds it: its sender is told (R98)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    // A new process asks the server for its bundle before anything leaves it (S28).
    await bob.crash();
    const bundle = world.server.faults.hold({
      jid: bob.jid,
      direction: 'to-server',
      matches: (stanza) => stanza.attrs['type'] === 'get' && stanza.toString().includes(':bundles'),
    });
    const sending = bob.say(alice.jid, 'a secret', 'm1');
    await heldBack(bundle);
    await alice.omemo.optOut.send({ to: bob.jid });
    await world.quiet();
    expect(await bob.omemo.optOut.of(alice.jid)).toBeDefined();
    bundle.stop();
    bundle.release();
    expect(await sending).toMatchObject({ delivery: 'queued', cause: { code: 'opted-out' } });
    await world.quiet();
    expect([alice.texts, await held(bob)]).toEqual([[], [['m1', 'opted-out']]]);
  });

  test('of ours holds what was queued before, and goes itself (R95, R98)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.connection.disconnect();
    await bob.say(alice.jid, 'a secret', 'm1');
    await bob.omemo.optOut.send({ to: alice.jid });
    bob.connection.reconnect();
    await bob.omemo.start();
    await world.calm();
    expect(alice.results.filter(({ type }) => type === 'message')).toMatchObject([{ optOut: {} }]);
    expect(await held(bob)).toEqual([['m1', 'opted-out']]);
  });
});

describe('a membership that was approved', () => {
  const [ALICE, BOB, CAROL] = ['alice@example.org', 'bob@example.net', 'carol@example.com'];

  /** Alice approved the members of her room and wrote without a connection. */
  async function queuedForApproved() {
    const world = new World();
    const [alice, bob, carol] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
    const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [BOB]: 'member' } });
    await scene.enter(alice);
    await scene.enter(bob);
    await scene.say(alice, 'hello');
    await world.calm();
    bob.results.length = 0;
    const approved = await roomOf(alice).membership();
    alice.connection.disconnect();
    expect(await scene.say(alice, 'for two', { id: 'm1', approved })).toMatchObject({ delivery: 'queued' });
    return { world, scene, alice, bob, carol, approved };
  }

  const unsent = (client: Client) => {
    const events: UnsentEvent[] = [];
    client.omemo.on('unsent', (event) => events.push(event));
    return events;
  };
  const backInRoom = async (scene: RoomScene, client: Client) => {
    client.connection.reconnect();
    await client.omemo.start();
    await scene.enter(client);
  };

  test('and is another one when the message could go keeps it in the outbox, told, until the user decides (S56)', async () => {
    const { world, scene, alice, bob } = await queuedForApproved();
    scene.server.affiliate(CAROL, 'member');
    const events = unsent(alice);
    await backInRoom(scene, alice);
    expect(bob.texts).toEqual([]);
    expect(events).toEqual([{ id: 'm1', room: ROOM, reason: 'membership-changed' }]);
    // Neither a crash nor that the room is again as it was sends it by itself: the user was told that it did not go.
    alice.connection.disconnect();
    await alice.crash();
    scene.server.affiliate(CAROL, 'none');
    await backInRoom(scene, alice);
    expect(await alice.omemo.flush()).toBe(0);
    expect(await alice.omemo.outbox()).toMatchObject([{ id: 'm1', bounced: 'membership-changed' }]);
    scene.server.affiliate(CAROL, 'member');
    await world.calm();
    expect(await alice.omemo.resend(['m1'])).toBe(1);
    await world.calm();
    expect([bob.texts, await alice.omemo.outbox()]).toEqual([['for two'], []]);
  });

  test('and is another one can be given up as what bounced (S56)', async () => {
    const { world, scene, alice, bob } = await queuedForApproved();
    scene.server.affiliate(CAROL, 'member');
    await backInRoom(scene, alice);
    await alice.omemo.discard(['m1']);
    expect(await alice.omemo.resend(['m1'])).toBe(0);
    await world.calm();
    expect([bob.texts, await alice.omemo.outbox()]).toEqual([[], []]);
  });

  test('and is the same again lets the message go by itself (S56)', async () => {
    const { world, scene, alice, bob } = await queuedForApproved();
    scene.server.affiliate(CAROL, 'member');
    scene.server.affiliate(CAROL, 'none');
    scene.server.affiliate(BOB, 'admin');
    const events = unsent(alice);
    await backInRoom(scene, alice);
    await world.calm();
    expect([bob.texts, await alice.omemo.outbox(), events]).toEqual([['for two'], [], []]);
  });

  test('is waited for where nobody knows who the members are: nothing goes out on a guess (S56)', async () => {
    const { world, alice, bob } = await queuedForApproved();
    // The room is entered and does not say who is in its lists.
    const isList = (stanza: Element) => stanza.toString().includes('muc#admin');
    const silent = world.server.faults.drop({ jid: ALICE, direction: 'to-server', matches: isList });
    alice.connection.reconnect();
    await alice.omemo.start();
    await alice.connection.send(
      parse(`<presence to="${ROOM}/alice"><x xmlns="http://jabber.org/protocol/muc"/></presence>`),
    );
    await world.quiet();
    await alice.omemo.settle();
    await world.quiet();
    expect([bob.texts, await held(alice)]).toEqual([[], [['m1', 'room-unknown']]]);
    silent.stop();
    await roomOf(alice).refresh();
    await world.calm();
    expect([bob.texts, await alice.omemo.outbox()]).toEqual([['for two'], []]);
  });

  test('and changes while a message waits to leave keeps it here: its sender is told (S56)', async () => {
    const world = new World();
    const [alice, bob] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
    const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [BOB]: 'member' } });
    await scene.enter(alice);
    await scene.enter(bob);
    await scene.say(alice, 'hello');
    await world.calm();
    const approved = await roomOf(alice).membership();
    await alice.crash();
    const matches = (stanza: Element) => stanza.attrs['type'] === 'get' && stanza.toString().includes(':bundles');
    const bundle = world.server.faults.hold({ jid: ALICE, direction: 'to-server', matches });
    const sending = scene.say(alice, 'for two', { id: 'm1', approved });
    await heldBack(bundle);
    scene.server.affiliate(CAROL, 'member');
    await world.quiet();
    bundle.stop();
    bundle.release();
    expect(await sending).toMatchObject({ delivery: 'queued', held: 'membership-changed' });
    await world.quiet();
    expect(bob.texts).toEqual(['hello']);
    expect(await alice.omemo.outbox()).toMatchObject([{ id: 'm1', bounced: 'membership-changed' }]);
  });
});
