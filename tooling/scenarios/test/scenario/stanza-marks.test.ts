import { textBody, textOf } from '@omemo-kit/omemo-core';
import { Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const FALLBACK = 'This message is encrypted with OMEMO.';
const names = (stanza: Element) => stanza.getChildElements().map(({ name }) => name);

async function withMarks(marks?: { explicitEncryption?: 'on' | 'off'; fallbackBody?: string }) {
  const world = new World();
  const alice = await world.client('alice@example.org/phone', marks === undefined ? {} : { marks });
  const bob = await world.client('bob@example.net/desk');
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  const sent: Element[] = [];
  world.server.watch(({ direction, jid, stanza }) => {
    if (direction === 'to-server' && jid === alice.connection.jid && encryptedIn(stanza)) {
      sent.push(parse(stanza.toString()));
    }
  });
  return { world, alice, bob, sent };
}

describe('a message in the clear', () => {
  test('says nothing by default: no body, no <encryption/> (X34)', async () => {
    const { alice, bob, sent } = await withMarks();
    await alice.say(bob.jid, 'hello');
    expect(names(sent[0]!)).toEqual(['encrypted', 'store']);
  });

  test('says what was asked for: <encryption/> of XEP-0380 and a body that is not the text (X34)', async () => {
    const { world, alice, bob, sent } = await withMarks({ explicitEncryption: 'on', fallbackBody: FALLBACK });
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    expect(names(sent[0]!)).toEqual(['encrypted', 'store', 'encryption', 'body']);
    expect(sent[0]!.getChild('encryption')!.attrs).toEqual({
      xmlns: 'urn:xmpp:eme:0',
      namespace: 'urn:xmpp:omemo:2',
      name: 'OMEMO',
    });
    expect(sent[0]!.getChild('body')!.getNS()).toBe('jabber:client');
    expect(sent[0]!.getChildText('body')).toBe(FALLBACK);
    expect(sent[0]!.getChild('store', 'urn:xmpp:hints')).toBeDefined();
    // The reader gets the text, and never the fallback.
    expect(bob.texts).toEqual(['hello']);
  });

  test('one message says something else than the others', async () => {
    const { alice, bob, sent } = await withMarks({ explicitEncryption: 'on', fallbackBody: FALLBACK });
    const content = [textBody('hello')];
    await alice.omemo.send({ to: bob.jid, content, marks: { fallbackBody: '' } });
    await alice.omemo.send({ to: bob.jid, content, marks: { explicitEncryption: 'off', fallbackBody: 'other' } });
    expect(names(sent[0]!)).toEqual(['encrypted', 'store', 'encryption']);
    expect(names(sent[1]!)).toEqual(['encrypted', 'store', 'body']);
    expect(sent[1]!.getChildText('body')).toBe('other');
  });

  test('empty messages say nothing, whatever was asked for', async () => {
    const { world, alice, bob, sent } = await withMarks({ explicitEncryption: 'on', fallbackBody: FALLBACK });
    await bob.say(alice.jid, 'hello');
    await world.calm();
    expect(sent).toHaveLength(1);
    expect(encryptedIn(sent[0]!)!.getChild('payload')).toBeUndefined();
    expect(names(sent[0]!)).toEqual(['encrypted', 'store']);
  });

  test('nothing of the content is outside of the envelope, whatever it is (R79, R80)', async () => {
    const { world, alice, bob, sent } = await withMarks({ explicitEncryption: 'on', fallbackBody: FALLBACK });
    const link = new Element('x', { xmlns: 'jabber:x:oob' });
    link.c('url').t('https://example.org/secret');
    const receipt = new Element('request', { xmlns: 'urn:xmpp:receipts' });
    await alice.omemo.send({ to: bob.jid, content: [textBody('a secret'), link], beside: [receipt] });
    await world.quiet();
    expect(names(sent[0]!)).toEqual(['encrypted', 'store', 'encryption', 'body', 'request']);
    expect(sent[0]!.toString()).not.toMatch(/secret|oob/);
    const result = bob.results.find(({ type }) => type === 'message');
    if (result?.type !== 'message') throw new TypeError('no message');
    expect(result.envelope!.content.map(String)).toEqual([textBody('a secret').toString(), link.toString()]);
    expect(new TextDecoder().decode(result.payload)).toMatch(/^<envelope xmlns=.urn:xmpp:sce:1.>/);
  });

  test('an opt-out says nothing of what it is', async () => {
    const { alice, bob, sent } = await withMarks();
    await alice.omemo.optOut.send({ to: bob.jid, reason: 'a secret reason' });
    expect(names(sent[0]!)).toEqual(['encrypted', 'store']);
  });

  test('a fallback that XML cannot carry is refused when it is given, before anything is spent', async () => {
    await expect(withMarks({ fallbackBody: '\u0000' })).rejects.toMatchObject({ code: 'invalid-argument' });
    const { alice, bob } = await withMarks();
    const before = alice.memory.snapshot();
    const message = { to: bob.jid, content: [textBody('x')], marks: { fallbackBody: '\ud800' } };
    await expect(alice.omemo.send(message)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(alice.memory.snapshot()).toEqual(before);
  });
});

test('a plain body beside the encrypted element is not read, whatever it says (S39)', async () => {
  const { world, alice, bob, sent } = await withMarks({ fallbackBody: 'transfer all the money' });
  await alice.say(bob.jid, 'transfer nothing');
  await world.quiet();
  const result = bob.results.find(({ type }) => type === 'message');
  if (result?.type !== 'message') throw new TypeError('no message');
  expect(textOf(result.envelope)).toBe('transfer nothing');
  expect(sent[0]!.getChildText('body')).toBe('transfer all the money');
  expect(JSON.stringify(result)).not.toContain('transfer all');
});
