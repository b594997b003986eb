import { type ReceiveResult, systemRandomness } from '@omemo-kit/omemo-core';
import { Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { ROOM, RoomScene, roomOf } from '../../src/room-scene.ts';
import { body, carbon, copyOf, encryptedIn, incoming } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB, CAROL] = ['alice@example.org', 'bob@example.net', 'carol@example.com'];
const NS_USER = 'http://jabber.org/protocol/muc#user';
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** Alice, Bob and Carol are members; the server and all of them have one clock, which the test moves. */
async function setUp(options: ConstructorParameters<typeof RoomScene>[1] = {}) {
  const time = { now: START };
  const clock = () => time.now;
  const world = new World({ now: () => new Date(time.now) });
  const clients: Client[] = [];
  for (const jid of [`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`])
    clients.push(await world.client(jid, { clock }));
  for (const client of clients) await client.omemo.start();
  await world.calm();
  const affiliations = { [ALICE]: 'owner', [BOB]: 'member', [CAROL]: 'member' } as const;
  const scene = new RoomScene(world, { affiliations, ...options });
  const [alice, bob, carol] = clients as [Client, Client, Client];
  return { world, scene, time, alice, bob, carol };
}

const read = (client: Client) =>
  client.results.flatMap((result) =>
    result.type === 'message' ? [[result.sender.jid, result.envelope?.content[0]?.text()]] : [],
  );
const shown = (results: readonly ReceiveResult[]) =>
  results.map((result) => (result.type === 'message' ? result.sender.jid : result.type));
const lastGroupchat = (client: Client) =>
  client.received.filter((stanza) => stanza.attrs['type'] === 'groupchat' && encryptedIn(stanza)).at(-1)!;

describe('the sender of a live message', () => {
  test('is the account behind the nick, also after nicks have changed, and changed hands (X43)', async () => {
    const { world, scene, alice, bob, carol } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob, 'witch');
    await scene.enter(carol, 'cat');
    await scene.say(bob, 'one');
    await world.calm();
    const rename = async (client: Client, nick: string) => {
      await client.connection.send(parse(`<presence to="${ROOM}/${nick}"/>`));
      await world.calm();
    };
    await rename(bob, 'warlock');
    await rename(carol, 'witch');
    await scene.say(bob, 'two');
    await scene.say(carol, 'three');
    await world.calm();
    expect(read(alice)).toEqual([
      [BOB, 'one'],
      [BOB, 'two'],
      [CAROL, 'three'],
    ]);
    expect(roomOf(alice).occupants.map(({ nick, jid }) => [nick, jid])).toEqual([
      ['alice', ALICE],
      ['warlock', BOB],
      ['witch', CAROL],
    ]);
    expect([alice.errors, bob.errors]).toEqual([[], []]);
  });

  test('is unknown where nobody told of the nick, and nothing changes: the message can come again with its sender', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    alice.deaf();
    await scene.say(bob, 'who am I?');
    await world.quiet();
    const stanza = lastGroupchat(alice);
    const before = JSON.stringify(alice.memory.snapshot());
    const strange = copyOf(stanza);
    strange.attr('from', `${ROOM}/nobody`);
    strange.remove(strange.getChild('occupant-id')!);
    expect(await alice.omemo.receive(strange)).toMatchObject({
      type: 'sender-unknown',
      stanza: { from: `${ROOM}/nobody` },
    });
    expect(JSON.stringify(alice.memory.snapshot())).toBe(before);
    expect(await alice.omemo.receive(strange, { sender: BOB })).toMatchObject({
      type: 'message',
      sender: { jid: BOB },
    });
  });

  test('must be whom the envelope names, whatever the room says (S38)', async () => {
    const { world, scene, alice, bob, carol } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    await scene.enter(carol);
    alice.deaf();
    // Carol writes in the name of Bob, with her own device.
    const { encrypted } = await carol.omemo.encrypt({ to: ALICE, content: [body('x')] });
    world.note(CAROL, encrypted);
    const moved = incoming(`${ROOM}/bob`, alice.connection.jid, encrypted, { type: 'groupchat' });
    expect(await alice.omemo.receive(moved)).toMatchObject({
      type: 'rejected',
      sender: { jid: BOB },
      reason: 'from-mismatch',
    });
  });

  test('of a private message is the account too, and the message is for us and not for the room (S38)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    alice.deaf();
    const whisper = async (to: string) => {
      const { encrypted } = await bob.omemo.encrypt({ to, content: [body('psst')] });
      world.note(BOB, encrypted);
      return encrypted;
    };
    const through = (encrypted: Element) => incoming(`${ROOM}/bob`, alice.connection.jid, encrypted);
    expect(await alice.omemo.receive(through(await whisper(ALICE)))).toMatchObject({
      type: 'message',
      sender: { jid: BOB },
    });
    const { encrypted } = await roomOf(bob).encrypt({ content: [body('aloud')] });
    world.note(BOB, encrypted);
    expect(await alice.omemo.receive(through(encrypted))).toMatchObject({ type: 'rejected', reason: 'to-mismatch' });
  });

  test('of a private message that another own device sent is us, and it went to the occupant (S38)', async () => {
    const { world, scene, alice, bob } = await setUp();
    const laptop = await world.client(`${ALICE}/laptop`);
    await laptop.omemo.start();
    await world.calm();
    await scene.enter(alice);
    await scene.enter(bob);
    const { encrypted } = await laptop.omemo.encrypt({ to: BOB, content: [body('psst')] });
    world.note(ALICE, encrypted);
    alice.deaf();
    const copy = (nick: string) => carbon(ALICE, 'sent', incoming(`${ALICE}/laptop`, `${ROOM}/${nick}`, encrypted));
    const result = await alice.omemo.receive(copy('bob'));
    expect(result).toMatchObject({ type: 'message', sender: { jid: ALICE }, envelope: { to: BOB } });
  });

  test('answers key exchanges and heartbeats directly, from device to device (X25)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    world.server.log.length = 0;
    await scene.say(alice, 'hello');
    await world.calm();
    const empties = world.server.log.filter(({ direction, stanza }) => {
      const encrypted = direction === 'to-server' && stanza.is('message') ? encryptedIn(stanza) : undefined;
      return encrypted !== undefined && encrypted.getChild('payload') === undefined;
    });
    expect(empties.map(({ jid, stanza }) => [jid, stanza.attrs['to'], stanza.attrs['type']])).toContainEqual([
      bob.connection.jid,
      ALICE,
      'chat',
    ]);
    expect(alice.types).toContain('empty');
    // One that comes through the room is read as well.
    const empty = await bob.omemo.encryptEmpty({ jid: ALICE, deviceId: alice.omemo.deviceId });
    world.note(BOB, empty);
    const stanza = incoming(`${ROOM}/bob`, alice.connection.jid, empty, { type: 'groupchat' });
    expect(await alice.omemo.receive(stanza)).toMatchObject({ type: 'empty', sender: { jid: BOB } });
  });
});

describe('the sender of an archived message', () => {
  test('is whom the archive of the room names, whoever has the nick now (X43)', async () => {
    const { world, scene, time, alice, bob, carol } = await setUp({ occupantIds: 'off' });
    await scene.enter(bob, 'witch');
    await scene.enter(carol, 'cat');
    await scene.say(bob, 'from Bob');
    await world.quiet();
    await scene.leave(bob, 'witch');
    await scene.leave(carol, 'cat');
    await scene.enter(carol, 'witch');
    await scene.say(carol, 'from Carol');
    await world.quiet();
    time.now += HOUR;
    await scene.enter(alice);
    expect(shown(await scene.readArchive(alice))).toEqual([BOB, CAROL]);
    expect((await alice.omemo.inbox()).map(({ sender }) => sender.jid)).toEqual([BOB, CAROL]);
  });

  test('is not whom the sender names itself, nor whom another archive or an anonymous room names (S50)', async () => {
    const { world, scene, time, alice, bob } = await setUp({ occupantIds: 'off' });
    await scene.enter(bob, 'witch');
    await scene.enter(alice);
    alice.deaf();
    await scene.say(bob, 'who am I?');
    await world.quiet();
    time.now += HOUR;
    const received = alice.received.length;
    await scene.leave(bob, 'witch');
    for (const stanza of alice.received.slice(received)) await alice.omemo.receive(stanza);
    const [archived] = scene.archived(alice) as [Element];
    const messageIn = (stanza: Element) => stanza.getChild('result')!.getChild('forwarded')!.getChild('message')!;
    const item = `<x xmlns="${NS_USER}"><item affiliation="member" role="none" jid="${CAROL}"/></x>`;
    // Bob put an element of his own into the message: which one is the archive's?
    const two = copyOf(archived);
    messageIn(two).cnode(parse(item));
    expect(await alice.omemo.receive(two)).toMatchObject({ type: 'sender-unknown' });
    // It is in our own archive, which copied what the room delivered.
    const own = copyOf(archived);
    own.attr('from', ALICE);
    expect(await alice.omemo.receive(own)).toMatchObject({ type: 'sender-unknown' });
    // Live, and with such an element: nobody has the nick.
    const live = copyOf(messageIn(archived));
    live.attr('to', alice.connection.jid);
    expect(await alice.omemo.receive(live)).toMatchObject({ type: 'sender-unknown' });
    // Of a room that hides its occupants the archive names nobody.
    await alice.omemo.receive(
      parse(`<message from="${ROOM}"><x xmlns="${NS_USER}"><status code="173"/></x></message>`),
    );
    expect(await alice.omemo.receive(copyOf(archived))).toMatchObject({ type: 'sender-unknown' });
    await roomOf(alice).refresh();
    expect(await alice.omemo.receive(copyOf(archived))).toMatchObject({ type: 'message', sender: { jid: BOB } });
  });

  test('must have written in that room: an archive has no say about other messages (S50)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    alice.deaf();
    await scene.say(bob, 'hello');
    await world.quiet();
    const [archived] = scene.archived(alice) as [Element];
    const elsewhere = copyOf(archived);
    elsewhere.getChild('result')!.getChild('forwarded')!.getChild('message')!.attr('from', `${BOB}/desk`);
    expect(await alice.omemo.receive(elsewhere)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
    const stranger = copyOf(archived);
    stranger.attr('from', 'other@muc.example.org');
    stranger.getChild('result')!.getChild('forwarded')!.getChild('message')!.attr('from', 'other@muc.example.org/bob');
    expect(await alice.omemo.receive(stranger)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
    const occupant = copyOf(archived);
    occupant.attr('from', `${ROOM}/bob`);
    expect(await alice.omemo.receive(occupant)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
    expect(await alice.omemo.receive(archived)).toMatchObject({ type: 'message' });
  });

  test('is found by the occupant identifier where the archive names nobody, and never by somebody else of the nick (X43)', async () => {
    const { world, scene, time, alice, bob, carol } = await setUp({ archivedJids: 'none' });
    await scene.enter(alice);
    await scene.enter(bob, 'witch');
    await scene.enter(carol, 'cat');
    alice.deaf();
    await scene.say(bob, 'from Bob');
    await world.quiet();
    await scene.leave(bob, 'witch');
    await scene.leave(carol, 'cat');
    await scene.enter(carol, 'witch');
    time.now += HOUR;
    await scene.say(carol, 'from Carol');
    await world.quiet();
    expect(shown(await scene.readArchive(alice))).toEqual([BOB, CAROL]);
    // Somebody whom we have not met, under a nick that Carol has had for long by our clock.
    const [, fromCarol] = scene.archived(alice) as [Element, Element];
    const unmet = copyOf(fromCarol);
    const message = unmet.getChild('result')!.getChild('forwarded')!.getChild('message')!;
    message.getChild('occupant-id')!.attr('id', 'somebody else');
    expect(await alice.omemo.receive(unmet)).toMatchObject({ type: 'sender-unknown' });
    // A new process has not met Bob, and Carol is there under the same identifier.
    await alice.crash();
    await scene.leave(alice);
    const [fromBob] = scene.archived(alice) as [Element];
    expect(await alice.omemo.receive(fromBob)).toMatchObject({ type: 'sender-unknown' });
  });

  test('without any identifier is who has had the nick since before, with the clocks apart by some minutes (X43)', async () => {
    const { world, scene, time, alice, bob, carol } = await setUp({ archivedJids: 'none', occupantIds: 'off' });
    await scene.enter(alice);
    await scene.enter(bob, 'witch');
    const say = async (client: Client, text: string) => {
      await scene.say(client, text);
      await world.quiet();
    };
    alice.deaf();
    await say(bob, 'within the tolerance');
    time.now += HOUR;
    await say(bob, 'long after');
    const forBob = await scene.readArchive(alice);
    expect(shown(forBob)).toEqual(['sender-unknown', BOB]);
    // Alice reads presence again; Bob leaves, and Carol takes his nick.
    const received = alice.received.length;
    await scene.leave(bob, 'witch');
    time.now += HOUR;
    await scene.enter(carol, 'witch');
    for (const stanza of alice.received.slice(received)) await alice.omemo.receive(stanza);
    time.now += HOUR;
    await say(carol, 'from Carol');
    expect(shown(await scene.readArchive(alice))).toEqual(['sender-unknown', 'sender-unknown', CAROL]);
  });
});

describe('a message of this device that its room reflects', () => {
  test('is told as that, changes nothing and leaves the outbox, live and out of the archive (S58, X41)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    const sending = async (text: string) => {
      const message = await roomOf(alice).encrypt({ content: [body(text)] });
      await alice.connection.send(message.stanza);
      return message;
    };
    const waiting = async () => (await alice.omemo.outbox()).map(({ id }) => id);
    const live = await sending('live');
    expect(await waiting()).toEqual([live.id]);
    await world.quiet();
    expect(alice.results.at(-1)).toEqual({ type: 'reflection', room: ROOM, id: live.id });
    expect([await waiting(), bob.texts]).toEqual([[], ['live']]);
    alice.deaf();
    const archived = await sending('archived');
    await world.quiet();
    expect(await waiting()).toEqual([archived.id]);
    const sessions = () => JSON.stringify(alice.memory.snapshot().filter(({ key }) => !/outbox/.test(key)));
    const before = sessions();
    const results = await scene.readArchive(alice);
    expect(results).toEqual([live, archived].map(({ id }) => ({ type: 'reflection', room: ROOM, id })));
    expect([await waiting(), sessions(), alice.errors]).toEqual([[], before, []]);
  });

  test('is none when somebody else has a device of the same id, or another own device wrote it (S58)', async () => {
    const { world, scene, alice } = await setUp();
    const twin = await world.client('twin@example.com/x', {
      randomness: { ...systemRandomness, deviceId: () => alice.omemo.deviceId },
    });
    const laptop = await world.client(`${ALICE}/laptop`);
    for (const client of [twin, laptop]) await client.omemo.start();
    await world.calm();
    expect(twin.omemo.deviceId).toBe(alice.omemo.deviceId);
    scene.server.affiliate(twin.jid, 'member');
    for (const [client, nick] of [
      [alice, 'alice'],
      [twin, 'twin'],
      [laptop, 'laptop'],
    ] as const)
      await scene.enter(client, nick);
    await scene.say(twin, 'from the twin');
    await scene.say(laptop, 'from the laptop');
    await world.calm();
    expect(read(alice)).toEqual([
      [twin.jid, 'from the twin'],
      [ALICE, 'from the laptop'],
    ]);
    expect(alice.types).not.toContain('reflection');
  });

  test('takes nothing out of the outbox that is for somebody else', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    alice.deaf();
    await scene.say(alice, 'hello');
    await world.quiet();
    const forBob = await alice.omemo.encrypt({ to: BOB, content: [body('private')] });
    const reflected = copyOf(lastGroupchat(alice));
    reflected.attr('id', forBob.id);
    expect(await alice.omemo.receive(reflected)).toMatchObject({ type: 'reflection' });
    expect((await alice.omemo.outbox()).map(({ id }) => id)).toEqual([forBob.id]);
    expect(bob.texts).toEqual([]);
  });
});

describe('a message that comes back from the room', () => {
  test('waits, marked, until the client has entered again', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    const { id, stanza } = await roomOf(alice).encrypt({ content: [body('am I in?')] });
    await scene.leave(alice);
    await alice.connection.send(stanza);
    await world.quiet();
    expect(alice.results.at(-1)).toMatchObject({
      type: 'bounced',
      id,
      entry: 'waits',
      error: { condition: 'not-acceptable' },
    });
    await scene.enter(alice);
    expect(await alice.omemo.resend([id])).toBe(1);
    await world.calm();
    expect([bob.texts, await alice.omemo.outbox()]).toEqual([['am I in?'], []]);
  });

  test('is told by the room, and by none of its occupants, who all know its id (RFC 6120 8.3.1)', async () => {
    const { scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    // The room may have handed it out before a connection was gone: it waits in the outbox, and everybody knows its id.
    const { id, stanza } = await roomOf(alice).encrypt({ content: [body('hello')] });
    const kept = JSON.stringify(await alice.omemo.outbox());
    const errorFrom = (from: string) => {
      const error = new Element('message', {
        xmlns: 'jabber:client',
        type: 'error',
        id,
        from,
        to: stanza.attrs['from'],
      });
      error.c('error', { type: 'cancel' }).c('gone', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' });
      return error;
    };
    for (const nick of ['bob', 'alice', '', 'bob/alice']) {
      expect(await alice.omemo.receive(errorFrom(`${ROOM}/${nick}`))).toEqual({ type: 'ignored' });
    }
    expect(JSON.stringify(await alice.omemo.outbox())).toBe(kept);
    for (const from of [ROOM, 'muc.example.org', 'example.org']) {
      expect(await alice.omemo.receive(errorFrom(from))).toMatchObject({ type: 'bounced', id, entry: 'waits' });
    }
  });
});
