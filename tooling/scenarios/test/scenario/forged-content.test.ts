import { omemo2, systemRandomness } from '@omemo-kit/omemo-core';
import { encodeBase64, NS_OMEMO, serializeEnvelope } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body, copyOf, encryptedIn, incoming, keyElements, setText } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const isEncrypted = (stanza: Element) => encryptedIn(stanza) !== undefined;

async function oneMessage() {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  bob.deaf();
  await alice.say(bob.jid, 'hello');
  await world.quiet();
  const stanza = bob.received.find(isEncrypted)!;
  return { world, alice, bob, stanza, rid: bob.omemo.deviceId };
}

/** The message fails, nothing changes, and the real one is read after it. */
async function refused(bob: Client, forged: Element, expected: object) {
  const before = bob.memory.snapshot();
  expect(await bob.omemo.receive(forged)).toMatchObject(expected);
  expect(bob.memory.snapshot()).toEqual(before);
}

describe('a server that', () => {
  test('takes the payload away is noticed, and the whole message still read later (S33)', async () => {
    const { bob, stanza } = await oneMessage();
    const stripped = copyOf(stanza);
    const encrypted = encryptedIn(stripped)!;
    encrypted.remove(encrypted.getChild('payload', NS_OMEMO)!);
    await refused(bob, stripped, { type: 'failed', code: 'payload-missing' });
    const emptied = copyOf(stanza);
    setText(encryptedIn(emptied)!.getChild('payload', NS_OMEMO), '');
    await refused(bob, emptied, { type: 'failed', code: 'payload-missing' });
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
  });

  test('adds a payload to an empty message under the key everybody knows is refused (S32)', async () => {
    const { alice, bob } = await oneMessage();
    const encrypted = await alice.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    const forged = incoming(alice.connection.jid, bob.jid, encrypted);
    const plaintext = serializeEnvelope({ content: [body('forged')], padding: '' });
    const { ciphertext } = omemo2.sealPayload({ key: new Uint8Array(32), plaintext });
    encryptedIn(forged)!.c('payload', { xmlns: NS_OMEMO }).t(encodeBase64(ciphertext));
    await refused(bob, forged, { type: 'failed', code: 'not-authentic' });
    expect(await bob.omemo.receive(incoming(alice.connection.jid, bob.jid, encrypted))).toMatchObject({
      type: 'empty',
    });
  });

  test('delivers it as from somebody else is refused (S37)', async () => {
    const { alice, bob, stanza } = await oneMessage();
    const forged = copyOf(stanza);
    forged.attrs['from'] = 'mallory@example.com/x';
    const about = (jid: string) => bob.memory.snapshot().filter(({ key }) => key.includes(encodeURIComponent(jid)));
    const before = about(alice.jid);
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'no-session' });
    // A session with whoever it claims to be from may be owed now (R74); about Alice nothing has changed.
    expect(about(alice.jid)).toEqual(before);
    expect(await bob.omemo.inbox()).toEqual([]);
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
  });

  test('delivers a key exchange as from somebody else is rejected by the envelope (S21, S37)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const forged = copyOf(bob.received.find(isEncrypted)!);
    forged.attrs['from'] = 'mallory@example.com/x';
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'rejected', reason: 'from-mismatch' });
  });

  test.each(['encrypted', 'header', 'payload', 'keys', 'key'])('doubles <%s> is refused (S40)', async (name) => {
    const { bob, stanza } = await oneMessage();
    const forged = copyOf(stanza);
    const encrypted = encryptedIn(forged)!;
    const header = encrypted.getChild('header')!;
    const keys = header.getChild('keys')!;
    const [parent, child] = {
      encrypted: [forged, encrypted],
      header: [encrypted, header],
      payload: [encrypted, encrypted.getChild('payload')!],
      keys: [header, keys],
      key: [keys, keys.getChild('key')!],
    }[name] as [Element, Element];
    parent.cnode(copyOf(child));
    await refused(bob, copyOf(forged), { type: 'invalid' });
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
  });

  test('addresses this account in two spellings is refused (S41)', async () => {
    const { bob, stanza } = await oneMessage();
    const forged = copyOf(stanza);
    const keys = encryptedIn(forged)!.getChild('header')!.getChild('keys')!;
    const second = copyOf(keys);
    second.attrs['jid'] = 'Bob@EXAMPLE.net';
    encryptedIn(forged)!.getChild('header')!.cnode(second);
    await refused(bob, copyOf(forged), { type: 'invalid', cause: { code: 'repeated-element' } });
  });

  test('makes it a room message, without saying who wrote it, is not listened to', async () => {
    const { bob, stanza } = await oneMessage();
    const forged = copyOf(stanza);
    forged.attrs['type'] = 'groupchat';
    await refused(bob, forged, { type: 'sender-unknown' });
  });
});

test('another recipient cannot put other content under its key (S34)', async () => {
  const key = systemRandomness.payloadKey();
  const world = new World();
  const randomness = { ...systemRandomness, payloadKey: () => Uint8Array.from(key) };
  const alice = await world.client('alice@example.org/phone', { randomness });
  const [bob, carol] = [await world.client('bob@example.net/desk'), await world.client('carol@example.org/desk')];
  for (const client of [alice, bob, carol]) await client.omemo.start();
  await world.calm();
  const plaintext = serializeEnvelope({ content: [body('real')], padding: '' });
  const { encrypted } = await alice.omemo.encryptPayload([bob.jid, carol.jid], plaintext);
  // Bob knows the payload key; Carol has the tag from her own session with Alice.
  const forged = copyOf(encrypted);
  const other = serializeEnvelope({ content: [body('forged')], padding: '' });
  setText(forged.getChild('payload', NS_OMEMO), encodeBase64(omemo2.sealPayload({ key, plaintext: other }).ciphertext));
  await refused(carol, incoming(alice.jid, carol.jid, forged), { type: 'failed', code: 'not-authentic' });
  expect(await carol.omemo.receive(incoming(alice.jid, carol.jid, encrypted))).toMatchObject({ type: 'message' });
});

describe('the envelope', () => {
  async function sent(envelope: Parameters<typeof serializeEnvelope>[0], attributes: Record<string, string> = {}) {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { encrypted } = await alice.omemo.encryptPayload([bob.jid], serializeEnvelope(envelope));
    const from = attributes['type'] === 'groupchat' ? 'room@muc.example.org/alice' : alice.connection.jid;
    const stanza = incoming(from, bob.jid, encrypted, attributes);
    const options = attributes['type'] === 'groupchat' ? { sender: alice.jid } : {};
    return { alice, bob, stanza, result: await bob.omemo.receive(stanza, options) };
  }
  const content = [body('x')];

  test.each([
    ['from-mismatch', { content, from: 'carol@example.org', padding: '' }, {}],
    ['to-mismatch', { content, to: 'carol@example.org', padding: '' }, {}],
    ['to-mismatch', { content, to: 'room@muc.example.org', padding: '' }, {}],
    ['to-missing', { content, padding: '' }, { type: 'groupchat' }],
    ['to-mismatch', { content, to: 'bob@example.net', padding: '' }, { type: 'groupchat' }],
  ] as const)(
    '%s is rejected, in the inbox, and a copy of it a duplicate (S38)',
    async (reason, envelope, attributes) => {
      const { bob, stanza, result } = await sent(envelope, attributes);
      expect(result).toMatchObject({ type: 'rejected', reason });
      expect(JSON.stringify(result)).not.toContain('payload');
      expect(await bob.omemo.inbox()).toEqual([result]);
      const options = 'type' in attributes ? { sender: 'alice@example.org' } : {};
      expect(await bob.omemo.receive(copyOf(stanza), options)).toMatchObject({ type: 'duplicate' });
    },
  );

  test('that is none is rejected and the session goes on', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { encrypted } = await alice.omemo.encryptPayload([bob.jid], new TextEncoder().encode('<no envelope'));
    const result = await bob.omemo.receive(incoming(alice.jid, bob.jid, encrypted));
    expect(result).toMatchObject({ type: 'rejected', reason: 'malformed-envelope' });
    await alice.say(bob.jid, 'next');
    await world.calm();
    expect(bob.texts).toEqual(['next']);
  });

  test('without affixes in a private message is read', async () => {
    expect((await sent({ content, padding: '' })).result).toMatchObject({ type: 'message' });
  });

  test('of a room message with the room as `to` is read', async () => {
    const { result } = await sent({ content, to: 'room@muc.example.org', padding: '' }, { type: 'groupchat' });
    expect(result).toMatchObject({ type: 'message' });
  });
});

test('the keys of other devices do not matter to this one, even when they cannot be read (S44)', async () => {
  const { bob, stanza } = await oneMessage();
  const forged = copyOf(stanza);
  const keys = encryptedIn(forged)!.getChild('header')!.getChild('keys')!;
  keys.c('key', { rid: '99' }).t(encodeBase64(new Uint8Array(10)));
  expect(keyElements(encryptedIn(forged)!)).toHaveLength(2);
  expect(await bob.omemo.receive(copyOf(forged))).toMatchObject({ type: 'message' });
  expect(new Element('x').name).toBe('x');
});
