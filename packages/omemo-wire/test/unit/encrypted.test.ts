import {
  bareJid,
  encodeBase64,
  findEncrypted,
  limits,
  parseEncrypted,
  parseXml,
  serializeEncrypted,
  type WireErrorCode,
} from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { filled } from '../hex.ts';
import { codeOf } from '../outcome.ts';
import { alice, authenticatedMessage, bob, encryptedXml, keyExchange } from '../samples.ts';

const text = encodeBase64(authenticatedMessage);
const payload = `<payload>${encodeBase64(filled(16, 4))}</payload>`;
const key = `<key rid="22">${text}</key>`;
const keys = `<keys jid="bob@example.net">${key}</keys>`;
const header = `<header sid="11">${keys}</header>`;

const stanza = (inside: string) => `<encrypted xmlns="urn:xmpp:omemo:2">${inside}</encrypted>`;
const read = (inside: string, recipient = bob) => parseEncrypted(parseXml(stanza(inside)), recipient);
const code = (inside: string) => codeOf(() => read(inside));

describe('parseEncrypted', () => {
  test('finds the key of each device', () => {
    const message = parseXml(encryptedXml);
    const shared = { sid: 11, payload: filled(48, 4), recipients: 3 };
    expect(parseEncrypted(message, bob)).toEqual({ ...shared, key: keyExchange, kexAttribute: true });
    const second = { jid: bob.jid, deviceId: 23 };
    expect(parseEncrypted(message, second)).toEqual({ ...shared, key: authenticatedMessage, kexAttribute: false });
    const other = { jid: alice.jid, deviceId: 22 };
    expect(parseEncrypted(message, other)).toEqual({ ...shared, key: undefined, kexAttribute: false });
  });

  test('finds nothing for an account that is not addressed', () => {
    expect(read(header, { jid: bareJid('carol@example.com'), deviceId: 22 }).key).toBeUndefined();
  });

  test.each(['Bob@Example.NET', 'bob@example.net.', 'ＢＯＢ@example.net', 'bob@ｅｘａｍｐｌｅ．net'])(
    'knows the account in another spelling: %s',
    (jid) => {
      expect(read(header.replace('bob@example.net', jid)).key).toEqual(authenticatedMessage);
    },
  );

  test.each<readonly [string, string, WireErrorCode]>([
    ['nothing', '', 'missing-element'],
    ['no header', payload, 'missing-element'],
    ['two headers', header + header + payload, 'repeated-element'],
    ['two payloads', header + payload + payload, 'repeated-element'],
    ['an empty payload beside a full one', `${header}<payload/>${payload}`, 'repeated-element'],
    ['two keys elements for this account', `<header sid="11">${keys}${keys}</header>`, 'repeated-element'],
    [
      'two keys elements for this account, the second without this device',
      `<header sid="11">${keys}<keys jid="bob@example.net"><key rid="5">AAAA</key></keys></header>`,
      'repeated-element',
    ],
    [
      'two keys elements for this account in two spellings',
      `<header sid="11">${keys}${keys.replace('bob', 'BOB')}</header>`,
      'repeated-element',
    ],
    ['two keys for this device', header.replace(key, key + key), 'repeated-element'],
    [
      'two keys for this device in two spellings',
      header.replace(key, key + key.replace('22', '022')),
      'repeated-element',
    ],
    ['a resource in jid', header.replace('example.net', 'example.net/phone'), 'invalid-jid'],
    ['a trailing slash in jid', header.replace('example.net', 'example.net/'), 'invalid-jid'],
    ['a jid that is none, of another account', header.replace('</keys>', '</keys><keys jid="a b@c"/>'), 'invalid-jid'],
    ['no jid', header.replace(' jid="bob@example.net"', ''), 'missing-attribute'],
    ['no rid', header.replace(' rid="22"', ''), 'missing-attribute'],
    ['no sid', header.replace(' sid="11"', ''), 'missing-attribute'],
    ['a bad rid', header.replace('22', ' 22'), 'invalid-id'],
    ['a bad rid of another device', header.replace(key, `${key}<key rid="x">AAAA</key>`), 'invalid-id'],
    ['a bad sid', header.replace('11', '-11'), 'invalid-id'],
    ['a key that is no base64', header.replace(text, '@@@@'), 'invalid-base64'],
    ['a payload that is no base64', `${header}<payload>!</payload>`, 'invalid-base64'],
    ['an element in the key', header.replace(text, `${text}<x/>`), 'unexpected-element'],
    ['an element in the payload', `${header}<payload><x/></payload>`, 'unexpected-element'],
    ['a kex that is no boolean', header.replace('rid="22"', 'rid="22" kex="yes"'), 'invalid-boolean'],
    ['a header of another namespace', header.replace('<header', '<header xmlns="urn:other"'), 'missing-element'],
  ])('refuses %s', (_, inside, wanted) => {
    expect(code(inside)).toBe(wanted);
  });

  test.each([
    ['another element', '<message xmlns="urn:xmpp:omemo:2"/>'],
    ['the older protocol', '<encrypted xmlns="eu.siacs.conversations.axolotl"/>'],
  ])('refuses %s', (_, xml) => {
    expect(codeOf(() => parseEncrypted(parseXml(xml), bob))).toBe('unexpected-element');
  });

  test.each([
    ['an unreadable key of another device', header.replace(key, `${key}<key rid="5">@</key>`)],
    [
      'an unreadable key of another account',
      header.replace(keys, `<keys jid="a@b"><key rid="22">@</key></keys>${keys}`),
    ],
    ['another account twice', header.replace(keys, `<keys jid="a@b"/><keys jid="a@b"/>${keys}`)],
    ['a kex that is no boolean, of another device', header.replace(key, `${key}<key rid="5" kex="?">AAAA</key>`)],
    [
      'an account named like a property',
      header.replace(keys, `<keys jid="__proto__"><key rid="22">@</key></keys>${keys}`),
    ],
    [
      'unknown elements and attributes',
      header.replace(keys, `<x/>${keys.replace('jid', 'x="1" jid')}<keys xmlns="urn:x"/>`),
    ],
    ['the payload in front of the header', `${payload}${header}`],
    ['white space around base64', header.replace(text, `\n  ${text.slice(0, 20)}\n  ${text.slice(20)}\n`)],
  ])('reads this device’s key in spite of %s', (_, inside) => {
    expect(read(inside).key).toEqual(authenticatedMessage);
  });

  test.each([
    [undefined, false],
    ['true', true],
    ['1', true],
    [' true\n', true],
    ['false', false],
    ['0', false],
  ])('reads kex %j as %j', (kex, wanted) => {
    const attribute = kex === undefined ? '' : ` kex="${kex}"`;
    expect(read(header.replace('rid="22"', `rid="22"${attribute}`)).kexAttribute).toBe(wanted);
  });

  test.each(['<payload/>', '<payload></payload>', '<payload> \n </payload>', ''])(
    'takes %j for an empty message',
    (none) => {
      expect(read(header + none).payload).toBeUndefined();
    },
  );

  test('reads ids from 0 to 2^32-1', () => {
    for (const id of [0, 2 ** 31, 2 ** 32 - 1]) {
      const inside = header.replace('"22"', `"${id}"`).replace('"11"', `"${id}"`);
      const { sid, key: content } = read(inside, { ...bob, deviceId: id });
      expect([sid, content]).toEqual([id, authenticatedMessage]);
    }
  });

  test('takes 2,000 keys and no more', () => {
    const many = (count: number) =>
      `<header sid="1"><keys jid="a@b">${'<key rid="1"/>'.repeat(count - 1)}</keys>${keys}</header>`;
    expect(read(many(2_000)).recipients).toBe(limits.keysPerStanza);
    expect(code(many(2_001))).toBe('too-many');
    expect(code(`<header sid="1">${'<keys jid="a@b"/>'.repeat(2_000)}</header>`)).toBe('accepted');
    expect(code(`<header sid="1">${'<keys jid="a@b"/>'.repeat(2_001)}</header>`)).toBe('too-many');
    expect(codeOf(() => parseEncrypted(parseXml(encryptedXml), bob, { keysPerStanza: 2 }))).toBe('too-many');
  });

  test('caps the bytes of the key and of the payload', () => {
    const withKey = (length: number) => header.replace(text, encodeBase64(filled(length, 1)));
    expect(code(withKey(1_024))).toBe('accepted');
    expect(code(withKey(1_025))).toBe('too-large');
    expect(code(withKey(100_000))).toBe('too-large');
    const limited = (length: number) =>
      codeOf(() =>
        parseEncrypted(parseXml(stanza(`${header}<payload>${encodeBase64(filled(length, 1))}</payload>`)), bob, {
          payloadBytes: 48,
        }),
      );
    expect(limited(48)).toBe('accepted');
    expect(limited(49)).toBe('too-large');
  });
});

describe('findEncrypted', () => {
  test('finds the one element of this protocol', () => {
    const old = '<encrypted xmlns="eu.siacs.conversations.axolotl"/>';
    const message = parseXml(`<message xmlns="jabber:client">${old}<body>x</body>${stanza(header)}</message>`);
    expect(findEncrypted(message)?.getNS()).toBe('urn:xmpp:omemo:2');
    expect(findEncrypted(parseXml(`<message>${old}</message>`))).toBeUndefined();
    expect(findEncrypted('text' as never)).toBeUndefined();
  });

  test('refuses two of them', () => {
    const message = parseXml(`<message xmlns="jabber:client">${stanza(header)}${stanza('')}</message>`);
    expect(codeOf(() => findEncrypted(message))).toBe('repeated-element');
  });
});

describe('serializeEncrypted', () => {
  const good = { sid: 11, keys: [{ jid: bob.jid, rid: 22, kex: false, content: authenticatedMessage }] };

  test('groups keys by account and marks key exchanges only', () => {
    const element = serializeEncrypted({
      sid: 11,
      keys: [
        { jid: bob.jid, rid: 22, kex: true, content: filled(3, 1) },
        { jid: alice.jid, rid: 12, kex: false, content: filled(3, 2) },
        { jid: bob.jid, rid: 23, kex: false, content: filled(3, 3) },
      ],
      payload: filled(3, 4),
    });
    expect(element.toString()).toBe(
      '<encrypted xmlns="urn:xmpp:omemo:2"><header sid="11">' +
        '<keys jid="bob@example.net"><key rid="22" kex="true">AQEB</key><key rid="23">AwMD</key></keys>' +
        '<keys jid="alice@example.org"><key rid="12">AgIC</key></keys></header><payload>BAQE</payload></encrypted>',
    );
  });

  test('leaves the payload out of an empty message', () => {
    expect(serializeEncrypted(good).getChild('payload')).toBeUndefined();
    expect(serializeEncrypted({ ...good, payload: undefined }).getChild('payload')).toBeUndefined();
  });

  test('addresses peers with any id, and every account by its name', () => {
    const ids = [0, 1, 2 ** 31, 2 ** 32 - 1];
    const jid = bareJid('__proto__');
    const element = serializeEncrypted({ sid: 1, keys: ids.map((rid) => ({ ...good.keys[0]!, jid, rid })) });
    for (const deviceId of ids) expect(parseEncrypted(element, { jid, deviceId }).key).toEqual(authenticatedMessage);
  });

  test.each<readonly [string, Partial<Parameters<typeof serializeEncrypted>[0]>, WireErrorCode]>([
    ['sid 0', { sid: 0 }, 'invalid-id'],
    ['sid 2^31', { sid: 2 ** 31 }, 'invalid-id'],
    ['rid 2^32', { keys: [{ ...good.keys[0]!, rid: 2 ** 32 }] }, 'invalid-id'],
    ['rid -1', { keys: [{ ...good.keys[0]!, rid: -1 }] }, 'invalid-id'],
    ['rid 1.5', { keys: [{ ...good.keys[0]!, rid: 1.5 }] }, 'invalid-id'],
    ['rid that is no number', { keys: [{ ...good.keys[0]!, rid: Number.NaN }] }, 'invalid-id'],
    ['neither keys nor payload', { keys: [], payload: undefined }, 'missing-element'],
    ['two keys for one device', { keys: [good.keys[0]!, good.keys[0]!] }, 'repeated-element'],
    ['an empty key', { keys: [{ ...good.keys[0]!, content: filled(0, 0) }] }, 'wrong-length'],
    ['an empty payload', { payload: filled(0, 0) }, 'wrong-length'],
  ])('refuses %s', (_, changed, wanted) => {
    expect(codeOf(() => serializeEncrypted({ ...good, ...changed }))).toBe(wanted);
  });

  test('writes a message that is for no device, in a room where nobody else is', () => {
    const element = serializeEncrypted({ ...good, keys: [], payload: filled(32, 1) });
    const read = parseEncrypted(element, { jid: bareJid('alice@example.org'), deviceId: 1 });
    expect(read).toMatchObject({ key: undefined, recipients: 0 });
    expect(read.payload).toEqual(filled(32, 1));
  });

  test('writes a JID with characters that XML escapes', () => {
    const jid = bareJid('o`{}~@x');
    const element = serializeEncrypted({ ...good, keys: [{ ...good.keys[0]!, jid }] });
    expect(parseEncrypted(parseXml(element.toString()), { jid, deviceId: 22 }).key).toEqual(authenticatedMessage);
  });
});
