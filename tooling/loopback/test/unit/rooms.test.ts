import { type Connection, LoopbackServer } from '@omemo-kit/loopback';
import { type Element, parse } from 'ltx';
import { expect, it } from 'vitest';
import { bodiesOf, conditionOf, inboxOf, message } from './support.ts';

const ROOM = 'coven@muc.a.example';
const [ALICE, BOB, CAROL] = ['alice@a.example', 'bob@b.example', 'carol@c.example'] as const;

function setUp() {
  const server = new LoopbackServer();
  const room = server.createRoom(ROOM, { affiliations: { [ALICE]: 'owner', [BOB]: 'member' } });
  const alice = server.connect(`${ALICE}/x`);
  const bob = server.connect(`${BOB}/x`);
  return { server, room, alice, bob };
}
const enter = (connection: Connection, nick: string) =>
  connection.send(parse(`<presence to="${ROOM}/${nick}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`));
const codesOf = (stanza: Element | undefined) =>
  stanza
    ?.getChild('x')
    ?.getChildren('status')
    .map(({ attrs }) => attrs['code'])
    .sort();
const itemOf = (stanza: Element | undefined) => stanza?.getChild('x')?.getChild('item')?.attrs;
const admin = (connection: Connection, type: 'get' | 'set', item: string) =>
  connection.request(
    parse(`<iq type="${type}" to="${ROOM}"><query xmlns="http://jabber.org/protocol/muc#admin">${item}</query></iq>`),
  );

it('lets members in, shows who is there with real JIDs, and reflects what is said under one stable id', async () => {
  const { server, alice, bob } = setUp();
  const [aliceInbox, bobInbox] = [inboxOf(alice), inboxOf(bob)];
  await enter(alice, 'Alice');
  await enter(bob, 'Bob');
  await server.settle();
  expect(bobInbox.map(({ name, attrs }) => `${name} ${attrs['from']}`)).toEqual([
    `presence ${ROOM}/Alice`,
    `presence ${ROOM}/Bob`,
    `message ${ROOM}`,
  ]);
  expect(itemOf(bobInbox[0])).toEqual({ affiliation: 'owner', role: 'moderator', jid: `${ALICE}/x` });
  expect(codesOf(bobInbox[1])).toEqual(['100', '110']);
  expect(itemOf(aliceInbox.at(-1))).toEqual({ affiliation: 'member', role: 'participant', jid: `${BOB}/x` });
  aliceInbox.length = bobInbox.length = 0;
  await bob.send(message(ROOM, 'hello', 'groupchat'));
  await server.settle();
  expect([bodiesOf(aliceInbox), bodiesOf(bobInbox)]).toEqual([['hello'], ['hello']]);
  expect(aliceInbox[0]?.attrs).toMatchObject({ from: `${ROOM}/Bob`, id: 'id-hello', type: 'groupchat' });
  const ids = [aliceInbox, bobInbox].map((inbox) => inbox[0]?.getChild('stanza-id', 'urn:xmpp:sid:0')?.attrs);
  const [archived] = server.archive(ROOM);
  expect(ids).toMatchObject([
    { by: ROOM, id: archived?.id },
    { by: ROOM, id: archived?.id },
  ]);
});

it('keeps out strangers, outcasts and second owners of a nick', async () => {
  const { server, room, alice } = setUp();
  await enter(alice, 'Alice');
  const refused = async (jid: string, nick: string) => {
    const connection = server.connect(`${jid}/x`);
    const inbox = inboxOf(connection);
    await enter(connection, nick);
    await server.settle();
    return inbox[0]?.getChild('error')?.getChildElements()[0]?.name;
  };
  expect(await refused(CAROL, 'Carol')).toBe('registration-required');
  expect(await refused(BOB, 'Alice')).toBe('conflict');
  room.affiliate(CAROL, 'outcast');
  room.configure({ membership: 'open' });
  expect(await refused(CAROL, 'Carol')).toBe('forbidden');
  expect(await refused('dave@d.example', 'Dave')).toBeUndefined();
});

it('lets several resources of an account share a nick; the others see them leave once', async () => {
  const { server, room, alice, bob } = setUp();
  const second = server.connect(`${BOB}/y`);
  for (const [connection, nick] of [
    [alice, 'Alice'],
    [bob, 'Bob'],
    [second, 'Bob'],
  ] as const) {
    await enter(connection, nick);
  }
  await server.settle();
  expect(room.occupants.map(({ connection }) => connection.jid)).toEqual([`${ALICE}/x`, `${BOB}/x`, `${BOB}/y`]);
  const [aliceInbox, secondInbox] = [inboxOf(alice), inboxOf(second)];
  await server.settle();
  aliceInbox.length = secondInbox.length = 0;
  bob.disconnect();
  await alice.send(message(ROOM, 'hello', 'groupchat'));
  await server.settle();
  expect(bodiesOf(secondInbox)).toEqual(['hello']);
  expect(bodiesOf(aliceInbox)).toEqual(['hello']);
  await second.send(parse(`<presence to="${ROOM}/Bob" type="unavailable"/>`));
  await server.settle();
  expect(aliceInbox.at(-1)?.attrs).toMatchObject({ from: `${ROOM}/Bob`, type: 'unavailable' });
  expect(room.occupants).toHaveLength(1);
});

it('takes messages from occupants only, and private ones by nick', async () => {
  const { server, alice, bob } = setUp();
  await enter(alice, 'Alice');
  const inbox = inboxOf(bob);
  await bob.send(message(ROOM, 'outside', 'groupchat'));
  await server.settle();
  expect(inbox[0]?.getChild('error')?.getChild('not-acceptable')).toBeDefined();
  await enter(bob, 'Bob');
  await server.settle();
  inbox.length = 0;
  await alice.send(message(`${ROOM}/Bob`, 'psst'));
  await alice.send(message(ROOM, 'wrong type', 'chat'));
  await server.settle();
  expect(bodiesOf(inbox)).toEqual(['psst']);
  expect(inbox[0]?.attrs).toMatchObject({ from: `${ROOM}/Alice`, to: `${BOB}/x` });
});

it('lists affiliations to members and lets owners and admins change them, within their reach', async () => {
  const { server, room, alice, bob } = setUp();
  const carol = server.connect(`${CAROL}/x`);
  const list = async (connection: Connection, affiliation: string) => {
    const answer = await admin(connection, 'get', `<item affiliation="${affiliation}"/>`);
    return answer
      .getChild('query')
      ?.getChildren('item')
      .map(({ attrs }) => attrs['jid']);
  };
  expect(await list(bob, 'owner')).toEqual([ALICE]);
  expect(await list(bob, 'member')).toEqual([BOB]);
  expect(await conditionOf(list(bob, 'outcast'))).toBe('forbidden');
  expect(await conditionOf(list(carol, 'member'))).toBe('forbidden');
  expect(await conditionOf(list(alice, 'friend'))).toBe('bad-request');
  const set = (who: Connection, jid: string, affiliation: string) =>
    conditionOf(admin(who, 'set', `<item affiliation="${affiliation}" jid="${jid}"/>`));
  expect(await set(bob, CAROL, 'member')).toBe('forbidden');
  expect(await set(alice, ALICE, 'member')).toBe('conflict');
  expect(await set(alice, BOB, 'admin')).toBe('ok');
  expect(await set(bob, CAROL, 'member')).toBe('ok');
  expect(await set(bob, ALICE, 'member')).toBe('forbidden');
  expect(await set(bob, CAROL, 'owner')).toBe('forbidden');
  expect([room.affiliationOf(CAROL), room.affiliationOf(`${BOB}/x`)]).toEqual(['member', 'admin']);
});

it('tells of every change of an affiliation, and puts out who may not stay', async () => {
  const { server, room, alice, bob } = setUp();
  await enter(alice, 'Alice');
  await enter(bob, 'Bob');
  await server.settle();
  const [aliceInbox, bobInbox] = [inboxOf(alice), inboxOf(bob)];
  await server.settle();
  aliceInbox.length = bobInbox.length = 0;
  await admin(alice, 'set', `<item affiliation="member" jid="${CAROL}"/>`);
  await server.settle();
  expect(itemOf(bobInbox[0])).toEqual({ affiliation: 'member', jid: CAROL, role: 'none' });
  room.affiliate(BOB, 'admin');
  await server.settle();
  expect(itemOf(aliceInbox.at(-1))).toMatchObject({ affiliation: 'admin', role: 'moderator' });
  const said = aliceInbox.length;
  room.affiliate(BOB, 'admin');
  await server.settle();
  expect(aliceInbox).toHaveLength(said);
  room.affiliate(BOB, 'none');
  await server.settle();
  expect(bobInbox.at(-1)?.attrs['type']).toBe('unavailable');
  expect(codesOf(bobInbox.at(-1))).toEqual(['110', '321']);
  expect(codesOf(aliceInbox.at(-1))).toEqual(['321']);
  expect(room.occupants.map(({ nick }) => nick)).toEqual(['Alice']);
  room.affiliate(BOB, 'member');
  await enter(bob, 'Bob');
  await server.settle();
  room.affiliate(BOB, 'outcast');
  await server.settle();
  expect(codesOf(bobInbox.at(-1))).toEqual(['110', '301']);
  expect(room.membersOf('outcast')).toEqual([BOB]);
});

it('is configured by its owner, says so to all, and puts out who is no member', async () => {
  const { server, room, alice, bob } = setUp();
  const carol = server.connect(`${CAROL}/x`);
  const owner = (who: Connection, ...fields: [string, string][]) => {
    const form = fields.map(([name, value]) => `<field var="muc#roomconfig_${name}"><value>${value}</value></field>`);
    const x = `<x xmlns="jabber:x:data" type="submit">${form.join('')}</x>`;
    const query = `<query xmlns="http://jabber.org/protocol/muc#owner">${x}</query>`;
    return conditionOf(who.request(parse(`<iq type="set" to="${ROOM}">${query}</iq>`)));
  };
  const features = async () => {
    const query = '<query xmlns="http://jabber.org/protocol/disco#info"/>';
    const answer = await bob.request(parse(`<iq type="get" to="${ROOM}">${query}</iq>`));
    return answer
      .getChild('query')
      ?.getChildren('feature')
      .map(({ attrs }) => attrs['var'])
      .filter((name) => /^muc_/.test(String(name)));
  };
  expect(await features()).toEqual(['muc_nonanonymous', 'muc_membersonly']);
  expect(await owner(bob, ['membersonly', '0'])).toBe('forbidden');
  await enter(alice, 'Alice');
  const inbox = inboxOf(alice);
  expect(await owner(alice, ['membersonly', '0'], ['whois', 'moderators'])).toBe('ok');
  expect(await features()).toEqual(['muc_semianonymous', 'muc_open']);
  await server.settle();
  expect(codesOf(inbox.at(-1))).toEqual(['104', '173']);
  await enter(carol, 'Carol');
  await enter(bob, 'Bob');
  const [carolInbox, bobInbox] = [inboxOf(carol), inboxOf(bob)];
  await server.settle();
  expect(itemOf(carolInbox[0])?.['jid']).toBeUndefined();
  expect(itemOf(inbox.at(-1))?.['jid']).toBe(`${BOB}/x`);
  room.configure({ membership: 'members-only', whois: 'anyone' });
  await server.settle();
  expect(codesOf(carolInbox.at(-1))).toEqual(['110', '322']);
  expect(bobInbox.map(codesOf)).toContainEqual(['104', '172']);
});

it('is made by who enters first, and left by who disconnects', async () => {
  const server = new LoopbackServer();
  const alice = server.connect(`${ALICE}/x`);
  const inbox = inboxOf(alice);
  await enter(alice, 'Alice');
  await server.settle();
  expect(codesOf(inbox[0])).toEqual(['100', '110', '201']);
  expect(server.room(ROOM)?.affiliationOf(ALICE)).toBe('owner');
  alice.disconnect();
  expect(server.room(ROOM)?.occupants).toEqual([]);
});

it('keeps messages with the real JIDs of their senders, marks what an occupant says, and strips what it made up', async () => {
  const { server, alice, bob } = setUp();
  const aliceInbox = inboxOf(alice);
  await enter(alice, 'Alice');
  await enter(bob, 'Bob');
  await server.settle();
  const forged = '<occupant-id xmlns="urn:xmpp:occupant-id:0" id="somebody else"/>';
  await bob.send(message(ROOM, 'hello', 'groupchat', forged));
  await server.settle();
  const ids = (stanza: Element | undefined) =>
    stanza?.getChildren('occupant-id', 'urn:xmpp:occupant-id:0').map(({ attrs }) => attrs['id']);
  const presence = aliceInbox.find(({ name, attrs }) => name === 'presence' && attrs['from'] === `${ROOM}/Bob`);
  expect(ids(aliceInbox.at(-1))).toEqual(ids(presence));
  expect(ids(presence)).not.toContain('somebody else');
  expect(itemOf(aliceInbox.at(-1))).toBeUndefined();
  expect(itemOf(server.archive(ROOM)[0]?.stanza)).toEqual({ affiliation: 'member', role: 'participant', jid: BOB });
});

it('lets occupants change their nick, and its owner end it', async () => {
  const { server, alice, bob } = setUp();
  const bobInbox = inboxOf(bob);
  await enter(alice, 'Alice');
  await enter(bob, 'Bob');
  await server.settle();
  bobInbox.length = 0;
  await enter(alice, 'Alicia');
  await server.settle();
  expect(bobInbox.map(({ attrs }) => [attrs['from'], attrs['type']])).toEqual([
    [`${ROOM}/Alice`, 'unavailable'],
    [`${ROOM}/Alicia`, undefined],
  ]);
  expect(itemOf(bobInbox[0])).toMatchObject({ nick: 'Alicia', jid: `${ALICE}/x` });
  expect(codesOf(bobInbox[0])).toEqual(['303']);
  const destroy = `<iq type="set" to="${ROOM}"><query xmlns="http://jabber.org/protocol/muc#owner"><destroy/></query></iq>`;
  expect(await conditionOf(bob.request(parse(destroy)))).toBe('forbidden');
  await alice.request(parse(destroy));
  await server.settle();
  expect(bobInbox.at(-1)?.getChild('x')?.getChild('destroy')).toBeDefined();
  expect(server.room(ROOM)).toBeUndefined();
});
