import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { carbon, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

/** Alice has written to Bob, who has not read it yet. */
async function unread(first: 'first-message' | 'later-message' = 'later-message') {
  const world = new World();
  const [alice, bob] = first === 'first-message' ? await world.pair() : await world.acquainted();
  bob.deaf();
  await alice.say(bob.jid, 'hello');
  await world.quiet();
  return { world, alice, bob, stanza: bob.received.find((one) => encryptedIn(one))! };
}

/** With the mark that a room puts on private messages (XEP-0045 7.5), from an occupant of it. */
function throughRoom(stanza: Element, type = 'chat'): Element {
  const copy = copyOf(stanza);
  Object.assign(copy.attrs, { type, from: 'room@muc.example.org/alice' });
  copy.c('x', { xmlns: 'http://jabber.org/protocol/muc#user' });
  return copy;
}

describe('a message', () => {
  test.each([['normal'], ['headline'], ['chat'], ['something-new'], [undefined]])(
    'of type %s is read as it is',
    async (type) => {
      const { bob, stanza } = await unread();
      if (type === undefined) delete stanza.attrs['type'];
      else stanza.attrs['type'] = type;
      expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message', stanza: { type: type ?? 'normal' } });
    },
  );

  test.each(['0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '9999-12-31T23:59:59Z'])(
    'that a server stamps %s is read',
    async (stamp) => {
      const { bob, stanza } = await unread();
      stanza.c('delay', { xmlns: 'urn:xmpp:delay', from: 'example.net', stamp });
      const result = await bob.omemo.receive(stanza);
      expect(result).toMatchObject({ type: 'message', delayedAt: Math.max(0, Date.parse(stamp)) });
      expect(await bob.omemo.inbox()).toEqual([result]);
    },
  );

  test('to a room needs to be told who wrote it, and changes nothing before', async () => {
    const { alice, bob, stanza } = await unread('first-message');
    const before = bob.memory.snapshot();
    const inRoom = throughRoom(stanza, 'groupchat');
    expect(await bob.omemo.receive(inRoom)).toMatchObject({
      type: 'sender-unknown',
      stanza: { type: 'groupchat', from: 'room@muc.example.org/alice' },
    });
    expect(bob.memory.snapshot()).toEqual(before);
    expect(await bob.omemo.receive(inRoom, { sender: alice.jid })).toMatchObject({ type: 'rejected' });
  });

  test('privately through a room needs to be told who wrote it: no session is kept under the address of a room', async () => {
    const { alice, bob, stanza } = await unread('first-message');
    const before = bob.memory.snapshot();
    for (const type of ['chat', 'normal']) {
      expect(await bob.omemo.receive(throughRoom(stanza, type))).toMatchObject({
        type: 'sender-unknown',
        stanza: { from: 'room@muc.example.org/alice', type },
      });
    }
    expect(bob.memory.snapshot()).toEqual(before);
    expect(await bob.omemo.receive(throughRoom(stanza), { sender: alice.jid })).toMatchObject({
      type: 'message',
      sender: { jid: alice.jid },
    });
    expect(bob.memory.snapshot().some(({ key }) => key.includes('room%40muc'))).toBe(false);
  });

  test('of another own device, sent privately through a room, is ours (S50)', async () => {
    const world = new World();
    const [phone, laptop, bob] = await world.started(
      'alice@example.org/phone',
      'alice@example.org/laptop',
      'bob@example.net/desk',
    );
    const { stanza } = await phone.omemo.encrypt({ to: bob.jid, content: [] });
    const sent = copyOf(stanza);
    sent.attrs['from'] = phone.connection.jid;
    sent.c('x', { xmlns: 'http://jabber.org/protocol/muc#user' });
    expect(await laptop.omemo.receive(carbon(phone.jid, 'sent', sent))).toMatchObject({
      type: 'message',
      sender: { jid: phone.jid },
    });
  });

  test('in a copy that somebody else than our own server made is refused, whatever is in it (S50)', async () => {
    const { bob, stanza } = await unread();
    const before = bob.memory.snapshot();
    for (const direction of ['sent', 'received'] as const) {
      for (const from of ['mallory@example.com', `${bob.jid}/elsewhere`, 'example.net']) {
        const copy = carbon(bob.jid, direction, stanza);
        copy.attrs['from'] = from;
        expect(await bob.omemo.receive(copy)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
      }
    }
    // Nor did we send what is from somebody else.
    expect(await bob.omemo.receive(carbon(bob.jid, 'sent', stanza))).toMatchObject({ type: 'invalid' });
    expect(bob.memory.snapshot()).toEqual(before);
    expect(await bob.omemo.receive(carbon(bob.jid, 'received', stanza))).toMatchObject({ type: 'message' });
  });
});
