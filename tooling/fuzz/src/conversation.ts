import { LoopbackServer } from '@omemo-kit/loopback';
import { type OmemoOptions, omemo2 } from '@omemo-kit/omemo-core';
import { serializeEnvelope } from '@omemo-kit/omemo-wire';
import { Client } from '@omemo-kit/scenarios/client';
import { seededRandomness } from '@omemo-kit/scenarios/seeded-randomness';
import { body, carbon, copyOf, deviceListEvent, encryptedIn, incoming } from '@omemo-kit/scenarios/stanzas';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { Element } from 'ltx';

export const ALICE = 'alice@example.org';
export const BOB = 'bob@example.net';
export const ROOM = 'room@muc.example.org';

/** Kinds of stanzas that reach `receive`. */
export type StanzaKind =
  | 'message'
  | 'key-exchange'
  | 'empty-message'
  | 'device-list-event'
  | 'carbon'
  | 'archived'
  | 'room-message'
  | 'room-presence'
  | 'iq'
  | 'bounce';

/** Two people who have talked, and a valid stanza of each kind that Bob's desk has not read yet. */
export interface Conversation {
  readonly server: LoopbackServer;
  /** Alice's phone and Bob's desk have a session; her laptop has none with him yet. */
  readonly alice: Client;
  readonly bob: Client;
  readonly stanzas: Readonly<Record<StanzaKind, Element>>;
}

const CLOCK = Date.UTC(2026, 0, 1);

/** The same bytes every time: all is drawn from one seed, so that a run can be done again by its number. */
export async function conversation(options: Partial<OmemoOptions> = {}): Promise<Conversation> {
  const server = new LoopbackServer();
  server.subscribe(ALICE, BOB);
  const clients: Client[] = [];
  const client = async (jid: string, more: Partial<OmemoOptions> = {}) => {
    const { store: _, transport: __, ...rest } = more;
    const made = await Client.open(server.connect(jid), new SharedMemory(), {
      randomness: seededRandomness(jid),
      clock: () => CLOCK,
      ...rest,
    });
    clients.push(made);
    await made.omemo.start();
    await calm();
    return made;
  };
  const calm = async () => {
    for (let round = 0; round < 4; round++) {
      await server.settle();
      for (const one of clients) await one.idle();
      for (const one of clients) await one.omemo.settle();
    }
    await server.settle();
    for (const one of clients) await one.idle();
  };

  const alice = await client(`${ALICE}/phone`, options);
  const bob = await client(`${BOB}/desk`);
  await alice.say(BOB, 'hello');
  await calm();
  await bob.say(ALICE, 'hi');
  await calm();
  const laptop = await client(`${ALICE}/laptop`);
  const tablet = await client(`${BOB}/tablet`);
  await tablet.say(ALICE, 'all of us');
  await calm();
  for (const one of clients) await one.omemo.ack((await one.omemo.inbox()).map(({ id }) => id));

  // From here on nobody reads: what comes is the samples.
  for (const one of clients) one.deaf();
  const sent = async (from: Client, to: string) => {
    bob.received.length = 0;
    await from.say(to, 'the message & more');
    await server.settle();
    const found = bob.received.find((stanza) => encryptedIn(stanza) !== undefined);
    if (found === undefined) throw new TypeError('the message has not come');
    return copyOf(found);
  };
  const message = await sent(alice, BOB);
  const inRoom = serializeEnvelope({
    content: [body('to all')],
    from: alice.jid as never,
    to: ROOM as never,
    padding: '',
  });
  const room = await alice.omemo.encryptPayload([BOB], inRoom);
  const ping = new Element('ping', { xmlns: 'urn:xmpp:ping' });
  const request = serializeEnvelope({ content: [ping], from: alice.jid as never, to: bob.jid as never, padding: '' });
  const iq = await alice.omemo.encryptPayload([BOB], request);
  const empty = await alice.omemo.encryptEmpty({ jid: BOB, deviceId: bob.omemo.deviceId });
  const bounced = await bob.omemo.encrypt({ to: ALICE, content: [body('comes back')] });
  const stanzas: Record<StanzaKind, Element> = {
    message,
    'key-exchange': await sent(laptop, BOB),
    'empty-message': incoming(`${ALICE}/phone`, BOB, empty),
    'device-list-event': deviceListEvent(ALICE, [alice.omemo.deviceId, laptop.omemo.deviceId, 77]),
    carbon: carbon(BOB, 'received', await sent(alice, BOB)),
    archived: archived(await sent(alice, BOB)),
    'room-message': incoming(`${ROOM}/alice`, `${BOB}/desk`, room.encrypted, { type: 'groupchat', id: 'room-1' }),
    'room-presence': presence(),
    iq: inIq(iq.encrypted),
    bounce: bounce(bounced.stanza),
  };
  return { server, alice, bob, stanzas };
}

function archived(message: Element): Element {
  const stanza = new Element('message', { xmlns: 'jabber:client', to: `${BOB}/desk` });
  const forwarded = stanza
    .c('result', { xmlns: 'urn:xmpp:mam:2', queryid: 'q1', id: '28482' })
    .c('forwarded', { xmlns: 'urn:xmpp:forward:0' });
  forwarded.c('delay', { xmlns: 'urn:xmpp:delay', stamp: '2026-01-01T00:00:00Z' });
  forwarded.cnode(message);
  return stanza;
}

/** Alice is in the room, as everybody in it sees her; and so is Bob, who is told that it is he. */
function presence(): Element {
  const stanza = new Element('presence', { xmlns: 'jabber:client', from: `${ROOM}/bob`, to: `${BOB}/desk` });
  const x = stanza.c('x', { xmlns: 'http://jabber.org/protocol/muc#user' });
  x.c('item', { affiliation: 'member', role: 'participant', jid: `${BOB}/desk` }).up();
  x.c('item', { affiliation: 'none', role: 'none', jid: ALICE, nick: 'alice' });
  for (const code of ['110', '303', '104']) x.c('status', { code });
  stanza.c('occupant-id', { xmlns: 'urn:xmpp:occupant-id:0', id: 'abc' });
  return stanza;
}

function inIq(encrypted: Element): Element {
  const attributes = { xmlns: 'jabber:client', type: 'get', from: `${ALICE}/phone`, to: `${BOB}/desk`, id: 'iq-1' };
  const stanza = new Element('iq', attributes);
  stanza.cnode(copyOf(encrypted));
  return stanza;
}

function bounce(message: Element): Element {
  const stanza = copyOf(message);
  Object.assign(stanza.attrs, { xmlns: 'jabber:client', type: 'error', from: ALICE, to: `${BOB}/desk` });
  const error = stanza.c('error', { type: 'cancel' });
  error.c('service-unavailable', { xmlns: 'urn:ietf:params:xml:ns:xmpp-stanzas' });
  return stanza;
}

/** The protocol with another sealing of payloads: what the ratchet then carries authenticates, whatever it is. */
export function sealingAs(seal: typeof omemo2.sealPayload): typeof omemo2 {
  return { ...omemo2, sealPayload: seal };
}
