import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { carbon, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** What a server sends back for a stanza, reflected in it or not. */
function bounceOf(stanza: Element, condition: string, shape: 'with-original' | 'bare' = 'bare'): Element {
  const error = shape === 'bare' ? new Element('message', { xmlns: 'jabber:client' }) : copyOf(stanza);
  const { to, id } = stanza.attrs;
  Object.assign(error.attrs, { type: 'error', from: to, to: 'alice@example.org/phone', id });
  error.c('error', { type: 'cancel' }).c(condition, { xmlns: STANZAS });
  return error;
}

/** Alice on a server that never acknowledges, so that what she sends waits in her outbox. */
async function withoutAcks() {
  const world = new World();
  const alice = await world.client('alice@example.org/phone', { connect: { acks: 'off' } });
  const bob = await world.client('bob@example.net/desk');
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  await alice.say(bob.jid, 'hello');
  await world.calm();
  await bob.say(alice.jid, 'hi');
  await world.calm();
  await alice.omemo.sent((await alice.omemo.outbox()).map(({ id }) => id));
  bob.deaf();
  bob.received.length = 0;
  return { world, alice, bob };
}

const messages = (client: Client) => client.received.filter((stanza) => encryptedIn(stanza));

describe('a message that comes back', () => {
  test('is told with its id and the error, and stays marked in the outbox until the application decides', async () => {
    const { world, alice, bob } = await withoutAcks();
    const { stanza } = await alice.say(bob.jid, 'too long', 'm1');
    const result = await alice.omemo.receive(bounceOf(stanza, 'remote-server-not-found'));
    expect(result).toMatchObject({
      ...{ type: 'bounced', id: 'm1', entry: 'waits' },
      error: { type: 'cancel', condition: 'remote-server-not-found' },
      stanza: { type: 'error', from: bob.jid, via: 'direct' },
    });
    // A crash, an acknowledgement that comes late, a new connection: it is neither forgotten nor sent again by itself.
    await alice.crash();
    await alice.omemo.sent(['m1']);
    await alice.omemo.start();
    await world.quiet();
    expect(messages(bob)).toHaveLength(1);
    expect(await alice.omemo.outbox()).toMatchObject([{ id: 'm1', bounced: 'remote-server-not-found' }]);
    await alice.omemo.discard(['m1']);
    expect(await alice.omemo.outbox()).toEqual([]);
  });

  test('is sent again, with the same bytes, on request', async () => {
    const { world, alice, bob } = await withoutAcks();
    const { stanza } = await alice.say(bob.jid, 'again', 'm1');
    await alice.omemo.receive(bounceOf(stanza, 'resource-constraint'));
    expect(await alice.omemo.resend(['m1', 'unknown'])).toBe(1);
    await world.quiet();
    const [first, second] = messages(bob).map((one) => encryptedIn(one)!.toString());
    expect(second).toBe(first);
    expect(await alice.omemo.outbox()).toMatchObject([{ id: 'm1', bounced: undefined }]);
  });

  test('after the server had acknowledged it is told all the same', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { stanza, delivery } = await alice.say(bob.jid, 'gone', 'm1');
    expect(delivery).toBe('accepted');
    const result = await alice.omemo.receive(bounceOf(stanza, 'service-unavailable'));
    expect(result).toMatchObject({
      type: 'bounced',
      id: 'm1',
      entry: 'gone',
      error: { condition: 'service-unavailable' },
    });
  });

  test('by a real server, which acknowledged it as well, is told', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const matches = (stanza: Element) => encryptedIn(stanza) !== undefined;
    world.server.faults.fail({ direction: 'to-server', jid: alice.jid, matches }, { condition: 'policy-violation' });
    await alice.say(bob.jid, 'x', 'm1');
    await world.quiet();
    expect(alice.results).toMatchObject([{ type: 'bounced', id: 'm1', error: { condition: 'policy-violation' } }]);
  });

  test.each(['bare', 'with-original'] as const)('changes no session, %s, and is not read', async (shape) => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { stanza } = await alice.say(bob.jid, 'x', 'm1');
    const before = alice.memory.snapshot();
    expect(await alice.omemo.receive(bounceOf(stanza, 'gone', shape))).toMatchObject({ type: 'bounced' });
    // Nor is one that reflects a message of the contact, which would be a message to us.
    bob.deaf();
    alice.deaf();
    const { stanza: theirs } = await bob.say(alice.jid, 'not read before', 'm2');
    await world.quiet();
    const forged = copyOf(theirs);
    Object.assign(forged.attrs, { type: 'error', from: bob.connection.jid });
    expect(await alice.omemo.receive(forged)).toMatchObject({ type: 'bounced', id: 'm2', entry: 'gone' });
    expect(alice.memory.snapshot()).toEqual(before);
  });

  test('is told only by who could know: a stranger who guesses its id is not heard', async () => {
    const { alice, bob } = await withoutAcks();
    const { stanza } = await alice.say(bob.jid, 'x', 'm1');
    const before = alice.memory.snapshot();
    for (const from of [
      'mallory@example.com',
      'example.com',
      'bob@example.net.evil',
      'carol@example.org',
      'not a jid/',
    ]) {
      const forged = bounceOf(stanza, 'gone');
      forged.attrs['from'] = from;
      expect(await alice.omemo.receive(forged)).toEqual({ type: 'ignored' });
    }
    expect(alice.memory.snapshot()).toEqual(before);
    for (const from of ['bob@example.net/desk', 'example.net', 'example.org', 'alice@example.org', undefined]) {
      const real = bounceOf(stanza, 'gone');
      if (from === undefined) delete real.attrs['from'];
      else real.attrs['from'] = from;
      expect(await alice.omemo.receive(real)).toMatchObject({ type: 'bounced', entry: 'waits' });
      await alice.omemo.resend(['m1']);
    }
  });

  test('without an id, or as an error of something else, is nothing of ours', async () => {
    const { alice, bob } = await withoutAcks();
    const { stanza } = await alice.say(bob.jid, 'x', 'm1');
    const error = bounceOf(stanza, 'gone');
    delete error.attrs['id'];
    expect(await alice.omemo.receive(error)).toEqual({ type: 'ignored' });
    const presence = new Element('presence', { xmlns: 'jabber:client', type: 'error', id: 'm1', from: bob.jid });
    expect(await alice.omemo.receive(presence)).toEqual({ type: 'ignored' });
    const iq = new Element('iq', { xmlns: 'jabber:client', type: 'error', id: 'm1', from: bob.jid });
    expect(await alice.omemo.receive(iq)).toEqual({ type: 'ignored' });
    expect(await alice.omemo.outbox()).toMatchObject([{ id: 'm1', bounced: undefined }]);
  });

  test('to another device of ours leaves our own outbox alone; its copy is told as a copy (S50)', async () => {
    const { alice, bob } = await withoutAcks();
    const { stanza } = await alice.say(bob.jid, 'x', 'm1');
    const before = alice.memory.snapshot();
    const copy = carbon(alice.jid, 'received', bounceOf(stanza, 'gone'));
    expect(await alice.omemo.receive(copy)).toMatchObject({
      type: 'bounced',
      entry: 'gone',
      stanza: { via: 'carbon' },
    });
    const forged = copyOf(copy);
    forged.attrs['from'] = 'mallory@example.com';
    expect(await alice.omemo.receive(forged)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
    expect(alice.memory.snapshot()).toEqual(before);
  });

  test('and was an empty one is not told, and leaves the outbox: nobody wrote it', async () => {
    const { world, alice, bob } = await withoutAcks();
    await bob.omemo.replaceSessions({ jid: alice.jid });
    await bob.omemo.settle();
    await world.quiet();
    await alice.omemo.settle();
    const [entry] = await alice.omemo.outbox();
    expect(entry).toMatchObject({ empty: true });
    const error = new Element('message', { xmlns: 'jabber:client', type: 'error', id: entry!.id, from: bob.jid });
    expect(await alice.omemo.receive(error)).toEqual({ type: 'ignored' });
    expect(await alice.omemo.outbox()).toEqual([]);
  });
});
