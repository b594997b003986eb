import { manualTrust, type OmemoError, type Progress } from '@omemo-kit/omemo-core';
import { serializeEnvelope, serializeOptOut } from '@omemo-kit/omemo-wire';
import type { PausePoint } from '@omemo-kit/storage-memory';
import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { addressees, ROOM, RoomScene, roomOf } from '../../src/room-scene.ts';
import { body, incoming } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB, CAROL, DAVE] = ['alice@example.org', 'bob@example.net', 'carol@example.com', 'dave@example.com'];
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: OmemoError) => error.code,
  );

/** Alice owns the room, Bob is an admin, Carol and Dave are members. All but Dave have OMEMO. */
async function setUp() {
  const world = new World();
  const clients = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
  const affiliations = { [ALICE]: 'owner', [BOB]: 'admin', [CAROL]: 'member', [DAVE]: 'member' } as const;
  world.server.register(DAVE);
  const scene = new RoomScene(world, { affiliations });
  const [alice, bob, carol] = clients;
  return { world, scene, alice, bob, carol };
}

describe('a message to a room', () => {
  test('is for everybody in the three lists by real JID, offline or not, and for the own other devices (R103, R104, R105, R107, R108)', async () => {
    const { world, scene, alice, bob, carol } = await setUp();
    const laptop = await world.client(`${ALICE}/laptop`);
    await laptop.omemo.start();
    await world.calm();
    await scene.enter(alice, 'a nick');
    await scene.enter(bob, 'another nick');
    await scene.enter(laptop, 'one more');
    world.server.log.length = 0;
    const sent = await scene.say(alice, 'where is the eye of newt?');
    await world.calm();
    expect([bob.texts, laptop.texts]).toEqual([['where is the eye of newt?'], ['where is the eye of newt?']]);
    expect(bob.results.find(({ type }) => type === 'message')).toMatchObject({
      sender: { jid: ALICE, deviceId: alice.omemo.deviceId },
      envelope: { from: ALICE, to: ROOM },
      stanza: { type: 'groupchat', from: `${ROOM}/a nick` },
    });
    // Carol was not there; the archive has it for her.
    await scene.enter(carol);
    expect((await scene.readArchive(carol)).map(({ type }) => type)).toEqual(['message']);
    expect(addressees(sent.encrypted)).toEqual([ALICE, BOB, CAROL]);
    expect(sent.unreached).toEqual([{ jid: DAVE, reason: 'no-devices', cause: undefined }]);
    expect(sent.stanza.attrs).toMatchObject({ to: ROOM, type: 'groupchat', id: sent.id });
    expect(sent.stanza.getChild('store', 'urn:xmpp:hints')).toBeDefined();
  });

  test('is for owners and admins who are not there too, whom nothing but their lists tells of (R105)', async () => {
    const world = new World();
    const [alice] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
    const scene = new RoomScene(world, { affiliations: { [ALICE]: 'member', [BOB]: 'admin', [CAROL]: 'owner' } });
    await scene.enter(alice);
    const sent = await scene.say(alice, 'for those who are away');
    expect(addressees(sent.encrypted)).toEqual(expect.arrayContaining([BOB, CAROL]));
  });

  test('is sent only once all three lists were asked for, after the join (R103, R104)', async () => {
    const { world, scene, alice } = await setUp();
    expect(await codeOf(scene.say(alice, 'too early'))).toBe('room-unknown');
    const asked = () =>
      world.server.log.flatMap(({ direction, jid, stanza }) => {
        if (direction !== 'to-server' || !jid.startsWith(ALICE) || stanza.attrs['to'] !== ROOM) return [];
        if (!stanza.is('iq')) return [];
        const query = stanza.getChild('query');
        return [query?.getChild('item')?.attrs['affiliation'] ?? String(query?.getNS()).replace(/.*#/, '')];
      });
    await scene.enter(alice);
    expect(asked()).toEqual(['info', 'member', 'admin', 'owner']);
    await scene.say(alice, 'now it goes');
    expect(asked()).toHaveLength(4);
  });

  test('names the room in its envelope, and is refused elsewhere; what names no room, or another, is refused in it (R78, S38)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    bob.deaf();
    const { encrypted } = await roomOf(alice).encrypt({ content: [body('for the room')] });
    world.note(ALICE, encrypted);
    const outside = incoming(`${ALICE}/phone`, `${BOB}/desk`, encrypted);
    expect(await bob.omemo.receive(outside)).toMatchObject({ type: 'rejected', reason: 'to-mismatch' });
    const inside = async (stanzaOf: { readonly encrypted: typeof encrypted }) => {
      world.note(ALICE, stanzaOf.encrypted);
      return bob.omemo.receive(incoming(`${ROOM}/alice`, `${BOB}/desk`, stanzaOf.encrypted, { type: 'groupchat' }));
    };
    const forBob = await alice.omemo.encrypt({ to: BOB, content: [body('for Bob alone')] });
    expect(await inside(forBob)).toMatchObject({ type: 'rejected', reason: 'to-mismatch' });
    const unaddressed = serializeEnvelope({ content: [body('for whom?')], from: ALICE, padding: '' });
    const forNobody = await alice.omemo.encryptPayload([BOB], unaddressed);
    expect(await inside(forNobody)).toMatchObject({ type: 'rejected', reason: 'to-missing' });
  });

  test('waits for the user when a member has asked for plain text in the room (R98)', async () => {
    const { world, scene, alice, bob } = await setUp();
    await scene.enter(alice);
    await scene.enter(bob);
    await roomOf(bob).send({ content: [serializeOptOut({ reason: 'a record is required' })] });
    await world.calm();
    expect(await codeOf(scene.say(alice, 'not in plain text'))).toBe('opted-out');
    expect(await codeOf(alice.omemo.send({ to: BOB, content: [body('elsewhere it goes on')] }))).toBe('ok');
    await alice.omemo.optOut.resume(ROOM);
    expect(await codeOf(scene.say(alice, 'back to OMEMO'))).toBe('ok');
  });

  test('is not kept back by a visitor who asks for plain text, which is shown as that (R98, S61)', async () => {
    const { world, scene, alice, bob, carol } = await setUp();
    scene.server.configure({ membership: 'open' });
    scene.server.affiliate(CAROL, 'none');
    await scene.enter(alice);
    await scene.enter(bob);
    await scene.enter(carol);
    const asking = { content: [serializeOptOut({ reason: 'I can only read plain text' })] };
    await roomOf(carol, { open: 'allow' }).send(asking);
    await world.calm();
    const open = roomOf(alice, { open: 'allow' });
    // Her devices get nothing of what is written in the room: she has no say about how.
    expect(alice.results.filter(({ type }) => type === 'rejected')).toMatchObject([
      { reason: 'visitor-opt-out', sender: { jid: CAROL, trust: 'trusted' } },
    ]);
    expect(await codeOf(open.send({ content: [body('to Bob')] }))).toBe('ok');
    expect(await alice.omemo.optOut.list()).toEqual([]);
    // A member's counts, whatever the room is.
    scene.server.affiliate(CAROL, 'member');
    await world.calm();
    await roomOf(carol, { open: 'allow' }).send(asking);
    await world.calm();
    const error = await open.send({ content: [body('kept back')] }).catch((thrown: OmemoError) => thrown);
    expect(error).toMatchObject({ code: 'opted-out', details: { requests: [{ jid: CAROL }] } });
    // And no longer than she is one.
    scene.server.affiliate(CAROL, 'none');
    await world.calm();
    expect(await codeOf(open.send({ content: [body('to Bob again')] }))).toBe('ok');
  });

  test('is kept back by who asked for plain text before the lists were known, if it is a member (R98, S61)', async () => {
    const { world, scene, alice, bob, carol } = await setUp();
    scene.server.configure({ membership: 'open' });
    scene.server.affiliate(CAROL, 'none');
    for (const client of [alice, bob, carol]) await scene.enter(client);
    const open = roomOf(alice, { open: 'allow' });
    alice.connection.disconnect();
    // Of one account only is it remembered: Carol does not take the place of Bob.
    await alice.crash({ limits: { preKeys: 25, maxOptOuts: 1 } });
    for (const client of [carol, bob, carol]) {
      await roomOf(client, { open: 'allow' }).send({ content: [serializeOptOut({})] });
    }
    await world.quiet();
    alice.connection.reconnect();
    await alice.omemo.start();
    expect((await open.known())?.lists).toBe('stale');
    const [first] = await scene.readArchive(alice);
    expect(first).toMatchObject({ type: 'message', sender: { jid: CAROL }, optOut: {} });
    await scene.enter(alice);
    expect(await alice.omemo.optOut.list()).toMatchObject([{ jid: ROOM, requests: [{ jid: BOB }] }]);
    const error = await open.send({ content: [body('kept back')] }).catch((thrown: OmemoError) => thrown);
    expect(error).toMatchObject({ code: 'opted-out', details: { requests: [{ jid: BOB }] } });
    // Bob is back; Carol never counted.
    await bob.omemo.optOut.resume(ROOM);
    await roomOf(bob, { open: 'allow' }).send({ content: [body('with OMEMO')] });
    await world.calm();
    expect(await codeOf(open.send({ content: [body('to Bob')] }))).toBe('ok');
  });

  test('goes out in a room where nobody else is, with other devices or without (X43)', async () => {
    const world = new World();
    const [alice] = await world.started(`${ALICE}/phone`);
    const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner' } });
    await scene.enter(alice);
    const sent = await scene.say(alice, 'alone');
    await world.calm();
    expect([sent.devices, sent.unreached, alice.types.filter((type) => type === 'reflection')]).toEqual([
      [],
      [],
      ['reflection'],
    ]);
    const laptop = await world.client(`${ALICE}/laptop`);
    await laptop.omemo.start();
    await world.calm();
    await scene.enter(laptop, 'laptop');
    await scene.say(alice, 'not alone');
    await world.calm();
    expect(laptop.texts).toEqual(['not alone']);
  });

  test('waits for decisions on members as on contacts, and lists them all', async () => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`, { trust: manualTrust });
    await world.started(`${BOB}/desk`, `${CAROL}/tablet`);
    await alice.omemo.start();
    await world.calm();
    const affiliations = { [ALICE]: 'owner', [BOB]: 'member', [CAROL]: 'member' } as const;
    const scene = new RoomScene(world, { affiliations });
    await scene.enter(alice);
    const error = await scene.say(alice, 'who are you?').catch((thrown: OmemoError<'undecided-devices'>) => thrown);
    const { devices } = (error as OmemoError<'undecided-devices'>).details;
    expect(devices.map(({ jid }) => jid).sort()).toEqual([BOB, CAROL]);
    expect(await alice.omemo.outbox()).toEqual([]);
    for (const device of devices) await alice.omemo.setTrust({ ...device, level: 'verified' });
    expect((await scene.say(alice, 'hello')).devices.map(({ jid }) => jid).sort()).toEqual([BOB, CAROL]);
  });

  test('is for more than a hundred accounts: all lists in one commit, all identity keys and all sessions, telling how far it is', async () => {
    const { world, scene, alice } = await setUp();
    const members = Array.from({ length: 120 }, (_, n) => `member${n}@example.com`);
    for (const node of ['urn:xmpp:omemo:2:devices', 'urn:xmpp:omemo:2:bundles']) {
      const items = [...world.server.node(BOB, node)!.items].map(([id, payload]) => ({ id, payload }));
      const options = { 'pubsub#access_model': 'open' };
      for (const jid of members) world.server.createNode({ jid, node, items, options });
    }
    for (const jid of members) scene.server.affiliate(jid, 'member');
    await scene.enter(alice);
    const progress: Progress[] = [];
    // Another process of the same device, so that its commits can be counted.
    const commits: (readonly string[])[] = [];
    const pause = ({ operation, when, keys }: PausePoint) => {
      if (operation === 'commit' && when === 'after') commits.push(keys);
    };
    const omemo = await Client.omemoOn(alice.connection, alice.memory, { store: alice.memory.open({ pause }) });
    const content = [body('hear, hear')];
    const sent = await omemo.rooms.room(ROOM).encrypt({ content, onProgress: (one) => progress.push(one) });
    world.note(ALICE, sent.encrypted);
    expect(commits.map((keys) => keys.filter((key) => /member\d/.test(key)).length > 0)).toEqual([true, true, true]);
    expect(sent.devices).toHaveLength(members.length + 2);
    const steps = (step: Progress['step']) => progress.filter((one) => one.step === step);
    expect(steps('device-lists').at(-1)).toEqual({ step: 'device-lists', done: 121, total: 121 });
    expect(steps('bundles').map(({ done }) => done)).toEqual(Array.from({ length: 123 }, (_, n) => n));
  });
});

test('a message to a contact tells of its progress as one to a room does', async () => {
  const world = new World();
  const [alice] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${BOB}/tablet`);
  const progress: Progress[] = [];
  const sending = { to: BOB, content: [body('hello')], onProgress: (one: Progress) => progress.push(one) };
  expect((await alice.omemo.send(sending)).devices).toHaveLength(2);
  expect(progress).toEqual([0, 1, 2].map((done) => ({ step: 'bundles', done, total: 2 })));
});

test('a message that servers would not take is refused before anything is spent on it', async () => {
  const { world, scene, alice } = await setUp();
  await scene.enter(alice);
  await alice.crash({ limits: { preKeys: 25, maxStanzaBytes: 4_000 } });
  const stored = () => JSON.stringify(alice.memory.snapshot().filter(({ key }) => /session|outbox/.test(key)));
  const before = stored();
  const error = await scene.say(alice, 'x'.repeat(4_000)).catch((thrown: OmemoError) => thrown);
  expect(error).toMatchObject({ code: 'stanza-too-large', details: { limit: 4_000 } });
  expect([stored(), world.spent.emitted.filter(({ from }) => from === ALICE)]).toEqual([before, []]);
  expect(await codeOf(scene.say(alice, 'short'))).toBe('ok');
});

describe('rooms that are refused', () => {
  test('are anonymous ones, from the start or from when their owner makes them so (R101, S57)', async () => {
    const { world, scene, alice, carol } = await setUp();
    scene.server.configure({ whois: 'moderators' });
    await scene.enter(carol);
    expect(await codeOf(scene.say(carol, 'to whom?'))).toBe('room-anonymous');
    expect(await codeOf(roomOf(carol, { open: 'allow', incomplete: 'allow' }).send({ content: [body('still')] }))).toBe(
      'room-anonymous',
    );
    scene.server.configure({ whois: 'anyone' });
    await world.calm();
    expect(await codeOf(scene.say(carol, 'to all of you'))).toBe('ok');
    await scene.enter(alice);
    scene.server.configure({ whois: 'moderators' });
    await world.quiet();
    // At once: nobody has to ask the room first.
    expect(await codeOf(roomOf(alice).send({ content: [body('not any more')] }))).toBe('room-anonymous');
    expect(await alice.omemo.outbox()).toEqual([]);
  });

  test('are open ones, unless that is told to be allowed (R102, S57)', async () => {
    const { world, scene, alice } = await setUp();
    scene.server.configure({ membership: 'open' });
    await scene.enter(alice);
    expect(await codeOf(scene.say(alice, 'to everybody?'))).toBe('room-open');
    const sent = await roomOf(alice, { open: 'allow' }).send({ content: [body('to the members')] });
    expect(addressees(sent.encrypted)).toEqual([BOB, CAROL]);
    scene.server.configure({ membership: 'members-only' });
    await world.calm();
    expect(await codeOf(scene.say(alice, 'closed now'))).toBe('ok');
  });

  test('are those that do not show all their lists, unless that is told to be allowed (X43)', async () => {
    const { world, scene, alice, carol } = await setUp();
    await scene.enter(alice);
    world.server.faults.fail(
      {
        jid: CAROL,
        direction: 'to-server',
        matches: (iq) => iq.getChild('query')?.getChild('item')?.attrs['affiliation'] === 'owner',
      },
      { condition: 'forbidden', type: 'auth' },
    );
    await scene.enter(carol);
    const error = await scene.say(carol, 'to whom?').catch((thrown: OmemoError<'room-unknown'>) => thrown);
    expect(error).toMatchObject({ code: 'room-unknown', details: { room: ROOM, refused: ['owner'] } });
    const sent = await roomOf(carol, { incomplete: 'allow' }).send({ content: [body('to who is known')] });
    // Alice is in the list that is hidden, and not known but by her presence, which came before the lists.
    expect(addressees(sent.encrypted)).toEqual([BOB]);
    scene.server.affiliate(ALICE, 'admin');
    await world.calm();
    const again = await roomOf(carol, { incomplete: 'allow' }).send({ content: [body('and to Alice')] });
    expect(addressees(again.encrypted)).toEqual([ALICE, BOB]);
    // She is in the hidden list again, and stays when the room is asked again.
    scene.server.affiliate(ALICE, 'owner');
    await world.quiet();
    const { members, refused } = await roomOf(carol).refresh();
    expect([members.map(({ jid }) => jid).sort(), refused]).toEqual([[ALICE, BOB, CAROL, DAVE], ['owner']]);
  });

  test('are those that are not there: the error says so, and what was known of them counts no more (X43, S56)', async () => {
    const { world, scene, alice, bob } = await setUp();
    const nowhere = alice.omemo.rooms.room('nowhere@muc.example.org');
    const error = await nowhere.refresh().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'TransportError', condition: 'item-not-found' });
    const unsent = () => nowhere.send({ content: [body('is it there?')] });
    await expect(unsent()).rejects.toMatchObject({ code: 'room-unknown', cause: { condition: 'item-not-found' } });
    expect(await alice.omemo.rooms.list()).toEqual([]);

    await scene.enter(alice);
    await scene.say(alice, 'hello');
    await world.calm();
    alice.connection.disconnect();
    scene.server.affiliate(BOB, 'owner');
    const destroy = `<iq type="set" to="${ROOM}"><query xmlns="http://jabber.org/protocol/muc#owner"><destroy/></query></iq>`;
    await bob.connection.transport.request(parse(destroy));
    alice.connection.reconnect();
    // Nobody told her; the store still has members.
    expect((await roomOf(alice).known())?.lists).toBe('current');
    await expect(roomOf(alice).refresh()).rejects.toMatchObject({ condition: 'item-not-found' });
    const lost = { code: 'room-unknown', cause: { condition: 'item-not-found' } };
    await expect(scene.say(alice, 'anybody?')).rejects.toMatchObject(lost);
    // Another process knows it too.
    await alice.crash();
    expect(await codeOf(scene.say(alice, 'anybody?'))).toBe('room-unknown');
    expect(await alice.omemo.outbox()).toEqual([]);
  });

  test('tell of entries that are no accounts, and do without them (X43)', async () => {
    const { world, scene, alice } = await setUp();
    scene.server.affiliate('example.com', 'member');
    world.server.faults.tamper(
      {
        jid: ALICE,
        direction: 'to-client',
        matches: (iq) => iq.getChild('query')?.getChild('item')?.attrs['affiliation'] === 'admin',
      },
      (iq) => {
        iq.getChild('query')!.c('item', { affiliation: 'admin', jid: 'not a jid@' });
        iq.getChild('query')!.c('item', { affiliation: 'admin' });
        return iq;
      },
    );
    const known = await roomOf(alice).refresh();
    expect(known.skipped).toEqual([
      { affiliation: 'member', jid: 'example.com' },
      { affiliation: 'admin', jid: 'not a jid@' },
      { affiliation: 'admin', jid: '' },
    ]);
    expect(known.members.map(({ jid }) => jid).sort()).toEqual([ALICE, BOB, CAROL, DAVE]);
  });
});

describe('members that cannot be reached', () => {
  test('keep nobody else from reading, neither a dead bundle nor a dead server, and are told', async () => {
    const { world, scene, alice, bob, carol } = await setUp();
    await scene.enter(bob);
    await scene.enter(alice);
    const dead = (jid: string, node: RegExp) =>
      world.server.faults.fail(
        {
          jid: ALICE,
          direction: 'to-server',
          matches: (iq) =>
            iq.attrs['to'] === jid && node.test(String(iq.getChild('pubsub')?.getChild('items')?.attrs['node'])),
        },
        { condition: 'remote-server-timeout', type: 'wait' },
      );
    const bundle = dead(CAROL, /bundles/);
    const list = dead(DAVE, /devices/);
    const sent = await scene.say(alice, 'who hears me?');
    await world.calm();
    expect(bob.texts).toEqual(['who hears me?']);
    expect(sent.unreached).toEqual([
      { jid: CAROL, reason: 'no-bundle', cause: expect.objectContaining({ code: 'bundle-unavailable' }) },
      {
        jid: DAVE,
        reason: 'device-list-unavailable',
        cause: expect.objectContaining({ condition: 'remote-server-timeout' }),
      },
    ]);
    // The next message does not wait for them again.
    const hits = [bundle.hits, list.hits];
    await scene.say(alice, 'and now?');
    expect([bundle.hits, list.hits]).toEqual(hits);
    expect(carol.texts).toEqual([]);
  });

  test('are an error when they are all there is', async () => {
    const world = new World();
    const [alice, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [DAVE]: 'member' } });
    await scene.enter(alice);
    const error = await scene.say(alice, 'nobody').catch((thrown: OmemoError<'no-devices'>) => thrown);
    expect(error).toMatchObject({ code: 'no-devices', details: { jids: [DAVE] } });
    expect([laptop.texts, await alice.omemo.outbox()]).toEqual([[], []]);
  });
});
