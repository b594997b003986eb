import type { ReadMessage } from '@omemo-kit/omemo-core';
import { decodeBase64, decodeKeyContent } from '@omemo-kit/omemo-wire';
import { type Element, parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

// Names and namespaces are written out: this is what others read, whatever our constants say.
const OMEMO = 'urn:xmpp:omemo:2';
const SCE = 'urn:xmpp:sce:1';
const NOW = Date.UTC(2031, 1, 3, 4, 5, 6);
const STAMP = '2031-02-03T04:05:06Z';

/** Alice at her phone, whose clock stands still, with a laptop too; Bob with two devices. */
async function twoAccounts() {
  const world = new World();
  const clients = {
    phone: await world.client('alice@example.org/phone', { clock: () => NOW }),
    laptop: await world.client('alice@example.org/laptop'),
    desk: await world.client('bob@example.net/desk'),
    tablet: await world.client('bob@example.net/tablet'),
  };
  for (const client of Object.values(clients)) await client.omemo.start();
  await world.calm();
  return { world, ...clients };
}

/** The message stanzas that a client put on its connection from here on, parsed out of their text. */
function emitted(world: World, client: Client): Element[] {
  const stanzas: Element[] = [];
  world.server.watch(({ direction, jid, stanza }) => {
    if (direction === 'to-server' && jid === client.connection.jid && stanza.is('message')) {
      stanzas.push(parse(stanza.toString()));
    }
  });
  return stanzas;
}

const children = (element: Element) => element.getChildElements();
const names = (element: Element) => children(element).map((child) => `${child.name} ${child.getNS()}`);
const header = (stanza: Element) => stanza.getChild('encrypted')!.getChild('header')!;
const keyOf = (stanza: Element, client: Client) =>
  header(stanza)
    .getChildren('keys')
    .flatMap((keys) => keys.getChildren('key'))
    .find((key) => key.attrs['rid'] === String(client.omemo.deviceId))!;
const isKeyExchange = (key: Element) => decodeKeyContent(decodeBase64(key.text())).type === 'key-exchange';
const lastOf = (client: Client) =>
  client.results.findLast((result): result is ReadMessage => result.type === 'message');
const envelopeOf = (client: Client) => parse(new TextDecoder().decode(lastOf(client)!.payload));

describe('what encrypt and send emit', () => {
  test('has a payload key of its own for every message (R39)', async () => {
    const { phone, desk } = await twoAccounts();
    const plaintext = new TextEncoder().encode('the same words');
    const payloads = new Set<string | null>();
    for (let count = 0; count < 3; count++) {
      const { encrypted } = await phone.omemo.encryptPayload([desk.jid], plaintext);
      payloads.add(encrypted.getChildText('payload'));
    }
    // Under one key equal words would be equal payloads.
    expect(payloads.size).toBe(3);
  });

  test('is a chat message to the recipient under its id, with <encrypted/> and the store hint, and no body (R86)', async () => {
    const { world, phone, desk } = await twoAccounts();
    const sent = emitted(world, phone);
    await phone.say(desk.jid, 'hello', 'a-known-id');
    const encrypted = await phone.omemo.encrypt({ to: desk.jid, content: [body('hello')], id: 'another-id' });
    for (const [stanza, id] of [
      [sent[0]!, 'a-known-id'],
      [encrypted.stanza, 'another-id'],
    ] as const) {
      expect(stanza.name).toBe('message');
      expect(stanza.attrs).toMatchObject({ type: 'chat', id, to: 'bob@example.net' });
      expect(names(stanza)).toEqual([`encrypted ${OMEMO}`, 'store urn:xmpp:hints']);
      const hint = stanza.getChild('store')!;
      expect([hint.attrs, hint.children]).toEqual([{ xmlns: 'urn:xmpp:hints' }, []]);
      expect(stanza.toString()).not.toContain('hello');
    }
    expect(sent).toHaveLength(1);
  });

  test('has the namespace urn:xmpp:omemo:2 on <encrypted/> and all in it (R139)', async () => {
    const { world, phone, desk } = await twoAccounts();
    const [sent] = [emitted(world, phone), await phone.say(desk.jid, 'hello')];
    const encrypted = sent[0]!.getChild('encrypted')!;
    expect(encrypted.attrs).toEqual({ xmlns: 'urn:xmpp:omemo:2' });
    const seen = new Set<string>();
    const visit = (element: Element) => {
      expect(element.getNS()).toBe('urn:xmpp:omemo:2');
      seen.add(element.name);
      for (const child of children(element)) visit(child);
    };
    visit(encrypted);
    expect([...seen].sort()).toEqual(['encrypted', 'header', 'key', 'keys', 'payload']);
  });

  test('has a header with the own device id, one <keys/> an account, one <key/> a device, and a payload (R82, R83)', async () => {
    const { world, phone, laptop, desk, tablet } = await twoAccounts();
    const [sent] = [emitted(world, phone), await phone.say(desk.jid, 'hello')];
    const encrypted = sent[0]!.getChild('encrypted')!;
    expect(children(encrypted).map(({ name }) => name)).toEqual(['header', 'payload']);
    expect(header(sent[0]!).attrs).toEqual({ sid: String(phone.omemo.deviceId) });
    const accounts = header(sent[0]!)
      .getChildren('keys')
      .map((keys) => [
        keys.attrs['jid'],
        keys
          .getChildren('key')
          .map((key) => Number(key.attrs['rid']))
          .sort(),
      ]);
    expect(accounts).toHaveLength(2);
    expect(Object.fromEntries(accounts)).toEqual({
      'alice@example.org': [laptop.omemo.deviceId],
      'bob@example.net': [desk.omemo.deviceId, tablet.omemo.deviceId].sort(),
    });
    // AES-256-CBC in whole blocks; the tag is with the keys (XEP-0384 4.4).
    expect(decodeBase64(encrypted.getChild('payload')!.text()).length % 16).toBe(0);
  });

  test('says kex="true" on key exchanges and has no such attribute otherwise (R84)', async () => {
    const { world, phone, laptop, desk, tablet } = await twoAccounts();
    const sent = emitted(world, phone);
    await phone.say(desk.jid, 'to all for the first time');
    for (const client of [laptop, desk, tablet]) {
      expect(keyOf(sent[0]!, client).attrs).toEqual({ rid: String(client.omemo.deviceId), kex: 'true' });
      expect(isKeyExchange(keyOf(sent[0]!, client))).toBe(true);
    }
    // The tablet is off before it can answer: it alone gets a key exchange again.
    tablet.connection.disconnect();
    await world.calm();
    sent.length = 0;
    await phone.say(desk.jid, 'again');
    for (const [client, attributes] of [
      [laptop, {}],
      [desk, {}],
      [tablet, { kex: 'true' }],
    ] as const) {
      expect(keyOf(sent[0]!, client).attrs).toEqual({ rid: String(client.omemo.deviceId), ...attributes });
      expect(isKeyExchange(keyOf(sent[0]!, client))).toBe(client === tablet);
    }
  });
});

describe('the envelope inside', () => {
  test('has the content, the time of the clock, sender and recipient by bare JID, and padding (R76, R77, R78)', async () => {
    const { world, phone, desk } = await twoAccounts();
    await phone.say(desk.jid, 'hello');
    await world.quiet();
    const envelope = envelopeOf(desk);
    expect([envelope.name, envelope.getNS()]).toEqual(['envelope', SCE]);
    expect(names(envelope).sort()).toEqual(['content', 'from', 'rpad', 'time', 'to'].map((name) => `${name} ${SCE}`));
    expect(new Date(envelope.getChild('time')!.attrs['stamp'])).toEqual(new Date(STAMP));
    expect(envelope.getChild('from')!.attrs).toEqual({ jid: 'alice@example.org' });
    expect(envelope.getChild('to')!.attrs).toEqual({ jid: 'bob@example.net' });
    expect(names(envelope.getChild('content')!)).toEqual(['body jabber:client']);
    expect(envelope.getChild('content')!.getChildText('body')).toBe('hello');
  });

  test('is padded by 0 to 200 characters, drawn anew for every message (R75)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const paddings: string[] = [];
    for (let count = 0; count < 120; count++) {
      await alice.say(bob.jid, 'the same');
      await world.quiet();
      const rpads = envelopeOf(bob).getChildren('rpad', SCE);
      expect(rpads).toHaveLength(1);
      paddings.push(rpads[0]!.text());
    }
    const lengths = paddings.map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(200);
    // Each of these fails by chance in fewer than one of 10^8 runs.
    for (const from of [0, 50, 100, 150]) {
      expect(lengths.filter((length) => length >= from && length <= from + 50).length).toBeGreaterThan(5);
    }
    expect(new Set(lengths).size).toBeGreaterThan(40);
    expect(new Set(paddings.filter(({ length }) => length > 20)).size).toBe(
      paddings.filter(({ length }) => length > 20).length,
    );
  });
});
