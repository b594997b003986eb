import { LoopbackServer } from '@omemo-kit/loopback';
import { Capabilities } from '@omemo-kit/transport-stanzas';
import { type Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { bodiesOf, conditionOf, DEVICES, inboxOf, item, message } from './support.ts';

const ALICE = 'alice@example.org';
const BOB = 'bob@example.net';

/** A resource as a real server binds it, that answers for its capabilities. */
function bare(server: LoopbackServer, jid: string) {
  const connection = server.connect(jid, { session: 'bare' });
  const capabilities = new Capabilities();
  connection.onRequest((iq) => capabilities.answer(iq));
  const inbox = inboxOf(connection);
  const available = async () => {
    await connection.send(parse('<presence/>').cnode(capabilities.element()).up());
    await server.settle();
  };
  return { connection, inbox, available };
}

const eventsIn = (inbox: readonly Element[]) =>
  inbox.filter((stanza) => stanza.getChild('event') !== undefined).map(({ attrs }) => attrs['from']);
const presencesIn = (inbox: readonly Element[], from: string) =>
  inbox
    .filter((one) => one.is('presence') && one.attrs['from'] === from)
    .map(({ attrs }) => attrs['type'] ?? 'available');

describe('a bare session', () => {
  test('gets messages to the account with its first presence, and those to itself before', async () => {
    const server = new LoopbackServer();
    const alice = server.connect(`${ALICE}/phone`);
    const bob = bare(server, `${BOB}/desk`);
    await alice.send(message(BOB, 'to the account'));
    await alice.send(message(`${BOB}/desk`, 'to the resource'));
    await server.settle();
    expect(bodiesOf(bob.inbox)).toEqual(['to the resource']);
    await bob.available();
    expect(bodiesOf(bob.inbox.filter((one) => one.is('message')))).toEqual(['to the resource', 'to the account']);
    await bob.connection.send(parse('<presence type="unavailable"/>'));
    await alice.send(message(BOB, 'kept'));
    await server.settle();
    expect(bodiesOf(bob.inbox)).not.toContain('kept');
  });

  test('gets copies once it asked for them, in each session anew', async () => {
    const server = new LoopbackServer();
    const alice = server.connect(`${ALICE}/phone`);
    const bob = bare(server, `${BOB}/desk`);
    server.connect(`${BOB}/laptop`);
    const copies = () => bob.inbox.filter((one) => one.getChild('received') !== undefined).length;
    await alice.send(message(`${BOB}/laptop`, 'one'));
    await server.settle();
    expect(copies()).toBe(0);
    await bob.connection.request(parse('<iq type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>'));
    await alice.send(message(`${BOB}/laptop`, 'two'));
    await server.settle();
    expect(copies()).toBe(1);
    bob.connection.disconnect();
    bob.connection.reconnect();
    await alice.send(message(`${BOB}/laptop`, 'three'));
    await server.settle();
    expect(copies()).toBe(1);
  });

  test('gets the events that its capabilities want, which are asked for once', async () => {
    const server = new LoopbackServer();
    server.subscribe(ALICE, BOB);
    const alice = server.connect(`${ALICE}/phone`);
    await alice.transport.publish({ node: DEVICES, item: item('current', '1') });
    const bob = bare(server, `${BOB}/desk`);
    await server.settle();
    expect(eventsIn(bob.inbox)).toEqual([]);
    await bob.available();
    // The last item at once, then each new one.
    expect(eventsIn(bob.inbox)).toEqual([ALICE]);
    await alice.transport.publish({ node: DEVICES, item: item('current', '2') });
    await server.settle();
    expect(eventsIn(bob.inbox)).toEqual([ALICE, ALICE]);
    const laptop = bare(server, `${BOB}/laptop`);
    server.log.length = 0;
    await laptop.available();
    expect(eventsIn(laptop.inbox)).toEqual([ALICE]);
    expect(server.log.filter(({ stanza }) => stanza.is('iq'))).toEqual([]);
  });

  test('without capabilities gets no events', async () => {
    const server = new LoopbackServer();
    server.subscribe(ALICE, BOB);
    const bob = bare(server, `${BOB}/desk`);
    await bob.connection.send(parse('<presence/>'));
    await server.connect(`${ALICE}/phone`).transport.publish({ node: DEVICES, item: item('current') });
    await server.settle();
    expect(eventsIn(bob.inbox)).toEqual([]);
  });
});

describe('presence', () => {
  test('is seen by who was let to, from then until the end, and lets events through', async () => {
    const server = new LoopbackServer();
    const [alice, bob] = [bare(server, `${ALICE}/phone`), bare(server, `${BOB}/desk`)];
    await alice.available();
    await bob.available();
    await alice.connection.transport.publish({ node: DEVICES, item: item('current') });
    await server.settle();
    expect([presencesIn(bob.inbox, `${ALICE}/phone`), eventsIn(bob.inbox)]).toEqual([[], []]);
    for (const [asking, asked, jids] of [
      [bob, alice, [BOB, ALICE]],
      [alice, bob, [ALICE, BOB]],
    ] as const) {
      await asking.connection.send(parse(`<presence type="subscribe" to="${jids[1]}"/>`));
      await server.settle();
      expect(presencesIn(asked.inbox, jids[0])).toContain('subscribe');
      await asked.connection.send(parse(`<presence type="subscribed" to="${jids[0]}"/>`));
      await server.settle();
      expect(presencesIn(asking.inbox, jids[1])).toContain('subscribed');
    }
    expect(presencesIn(bob.inbox, `${ALICE}/phone`)).toEqual(['available']);
    expect(eventsIn(bob.inbox)).toEqual([ALICE]);
    alice.connection.disconnect();
    await server.settle();
    expect(presencesIn(bob.inbox, `${ALICE}/phone`)).toEqual(['available', 'unavailable']);
    await bob.connection.send(parse(`<presence type="unsubscribed" to="${ALICE}"/>`));
    await server.settle();
    expect(await conditionOf(alice.connection.transport.fetch({ jid: BOB, node: DEVICES }))).toBe('disconnected');
  });

  test('is not let through by an answer that nobody asked for', async () => {
    const server = new LoopbackServer();
    const [alice, bob] = [bare(server, `${ALICE}/phone`), bare(server, `${BOB}/desk`)];
    await alice.available();
    await bob.available();
    await alice.connection.send(parse(`<presence type="subscribed" to="${BOB}"/>`));
    await alice.connection.send(parse('<presence><show>away</show></presence>'));
    await server.settle();
    expect(presencesIn(bob.inbox, `${ALICE}/phone`)).toEqual([]);
  });
});

describe('archives', () => {
  const query = (set: string, form = '') =>
    parse(
      `<iq type="set"><query xmlns="urn:xmpp:mam:2">${form}<set xmlns="http://jabber.org/protocol/rsm">${set}</set></query></iq>`,
    );
  const setUp = async (messages: number) => {
    const server = new LoopbackServer();
    const alice = server.connect(`${ALICE}/phone`);
    server.register(BOB);
    for (let index = 0; index < messages; index++) await alice.send(message(BOB, `${index}`));
    await server.settle();
    const inbox = inboxOf(alice);
    return { server, alice, inbox };
  };

  test('give at most 50 messages a page, and 20 unless asked for more', async () => {
    const { server, alice, inbox } = await setUp(60);
    await alice.request(query('<max>100</max>'));
    await server.settle();
    expect(inbox.splice(0)).toHaveLength(50);
    await alice.request(query(''));
    await server.settle();
    expect(inbox).toHaveLength(20);
  });

  test('know no message that they do not have, and are read from a time on', async () => {
    const { server, alice, inbox } = await setUp(3);
    expect(await conditionOf(alice.request(query('<after>nonsense</after>')))).toBe('item-not-found');
    const start = server.archive(ALICE)[1]!.stamp.toISOString();
    await alice.request(
      query('', `<x xmlns="jabber:x:data" type="submit"><field var="start"><value>${start}</value></field></x>`),
    );
    await server.settle();
    expect(inbox).toHaveLength(2);
  });

  test('of a room are read by whoever may enter it, inside or not', async () => {
    const server = new LoopbackServer();
    const room = 'coven@muc.example.org';
    server.createRoom(room, { affiliations: { [ALICE]: 'owner', [BOB]: 'member' } });
    const ask = (jid: string) => {
      const iq = query('');
      iq.attr('to', room);
      return conditionOf(server.connect(`${jid}/desk`).request(iq));
    };
    expect([await ask(BOB), await ask('carol@example.com')]).toEqual(['ok', 'forbidden']);
  });
});
