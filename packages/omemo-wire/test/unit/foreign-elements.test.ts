import {
  bareJid,
  decodeBase64,
  parseBundle,
  parseDevices,
  parseEncrypted,
  parsePubsubEvent,
  parseXml,
  unwrapForwarded,
} from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';
import { alice, bob, bundleXml, carbonXml, devicesXml, encryptedXml } from '../samples.ts';

/** The same tree as plain objects: what an XML library of another make, or a clone, looks like. */
function plain(element: Element, parent: unknown = null): Element {
  const node: Record<string, unknown> = { name: element.name, attrs: { ...element.attrs }, parent };
  node['children'] = element.children.map((child) => (typeof child === 'string' ? child : plain(child, node)));
  return node as unknown as Element;
}

describe('elements from elsewhere', () => {
  test('need only the shape of an ltx element', () => {
    expect(parseDevices(plain(parseXml(devicesXml)))).toEqual(parseDevices(parseXml(devicesXml)));
    expect(parseBundle(plain(parseXml(bundleXml)))).toEqual(parseBundle(parseXml(bundleXml)));
    expect(parseEncrypted(plain(parseXml(encryptedXml)), bob)).toEqual(parseEncrypted(parseXml(encryptedXml), bob));
  });

  test('may be of a subclass, with more children than elements and text', () => {
    class Fancy extends Element {
      override getText(): string {
        return 'not asked';
      }
    }
    const devices = new Fancy('devices', 'urn:xmpp:omemo:2');
    devices.children.push(
      null as never,
      undefined as never,
      7 as never,
      (() => 1) as never,
      new Fancy('device', { id: 5 }),
    );
    devices.children.at(-1)!.valueOf();
    (devices.children.at(-1) as Element).parent = devices;
    expect(parseDevices(devices)).toEqual([{ id: 5 }]);
  });

  test('may hold numbers and booleans where others hold text', () => {
    const stanza = parseXml(encryptedXml);
    const header = stanza.getChild('header')!;
    header.attrs['sid'] = 11;
    const key = header.getChild('keys')!.getChild('key')!;
    key.attrs['kex'] = true;
    key.children = [7 as never, null as never, undefined as never, 'AAA'];
    expect(parseEncrypted(stanza, bob)).toMatchObject({ sid: 11, kexAttribute: true, key: decodeBase64('7AAA') });
  });

  test('may leave the namespace of a stanza to the stream', () => {
    const stream = new Element('stream:stream', {
      xmlns: 'jabber:client',
      'xmlns:stream': 'http://etherx.jabber.org/streams',
    });
    const message = new Element('message', { from: 'bob@example.net' });
    expect(unwrapForwarded({ stanza: message, ownBareJid: alice.jid }).kind).toBe('plain');
    message.parent = stream;
    expect(unwrapForwarded({ stanza: message, ownBareJid: alice.jid }).kind).toBe('plain');
  });

  test('may have long chains and loops of ancestors', () => {
    const device = new Element('device', { id: '1' });
    const devices = new Element('devices');
    devices.cnode(device);
    devices.parent = device;
    expect(codeOf(() => parseDevices(devices))).toBe('unexpected-element');
    let root = new Element('root', 'urn:xmpp:omemo:2');
    for (let level = 0; level < 100_000; level++) root = root.c('a');
    root.cnode(devices);
    expect(codeOf(() => parseDevices(devices))).toBe('unexpected-element');
  });

  test.each([undefined, null, 'devices', 7, [], {}, { name: 'devices' }, { name: 'devices', attrs: {}, children: {} }])(
    'are refused when they are %j',
    (value) => {
      const element = value as never;
      for (const parse of [parseDevices, parseBundle]) expect(codeOf(() => parse(element))).toBe('unexpected-element');
      expect(codeOf(() => parseEncrypted(element, bob))).toBe('unexpected-element');
      expect(codeOf(() => unwrapForwarded({ stanza: element, ownBareJid: alice.jid }))).toBe('unexpected-element');
      expect(parsePubsubEvent(element)).toBeUndefined();
    },
  );

  test('have no sender when it is null', () => {
    const stanza = parseXml(carbonXml);
    stanza.attrs['from'] = null;
    expect(unwrapForwarded({ stanza, ownBareJid: alice.jid }).kind).toBe('carbon');
  });

  test('cannot hide a sender behind something that is not text', () => {
    const evil = bareJid('mallory@evil.example');
    for (const from of [{ toString: () => evil }, [evil], Symbol(evil), () => evil]) {
      const stanza = parseXml(carbonXml);
      stanza.attrs['from'] = from;
      expect(codeOf(() => unwrapForwarded({ stanza, ownBareJid: alice.jid }))).toBe('invalid-argument');
    }
  });
});
