import { bareJid, parseXml, unwrapForwarded } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';
import { alice, archivedXml, carbonXml } from '../samples.ts';

const room = bareJid('room@conference.example');
const unwrap = (xml: string, archives?: ReturnType<typeof bareJid>[]) =>
  unwrapForwarded({ stanza: parseXml(xml), ownBareJid: alice.jid, archives });
const code = (xml: string) => codeOf(() => unwrap(xml));

const sentXml = carbonXml
  .replaceAll('received', 'sent')
  .replace(
    'from="bob@example.net/phone" to="alice@example.org"',
    'from="alice@example.org/phone" to="bob@example.net"',
  );

describe('unwrapForwarded', () => {
  test('hands a plain message back, with its delay', () => {
    const xml =
      '<message xmlns="jabber:client" from="bob@example.net/a"><body>x</body>' +
      '<delay xmlns="urn:xmpp:delay" from="example.org" stamp="2002-09-10T23:08:25Z">Offline</delay></message>';
    const stanza = parseXml(xml);
    expect(unwrapForwarded({ stanza, ownBareJid: alice.jid })).toEqual({
      kind: 'plain',
      message: stanza,
      delay: { stamp: new Date('2002-09-10T23:08:25Z'), from: 'example.org' },
    });
    expect(unwrap('<message from="bob@example.net"/>')).not.toHaveProperty('delay');
  });

  test('opens a copy of a received message', () => {
    const unwrapped = unwrap(carbonXml);
    expect(unwrapped).toMatchObject({ kind: 'carbon', direction: 'received' });
    expect(unwrapped.message.attrs['from']).toBe('bob@example.net/phone');
    expect(unwrapped.delay).toEqual({ stamp: new Date('2010-07-10T23:08:25Z'), from: 'example.org' });
  });

  test('opens a copy of a sent message', () => {
    expect(unwrap(sentXml)).toMatchObject({ kind: 'carbon', direction: 'sent' });
  });

  test('opens a result of the own archive', () => {
    const unwrapped = unwrap(archivedXml);
    expect(unwrapped).toMatchObject({ kind: 'archived', archive: alice.jid, queryId: 'q1', archiveId: '28482' });
    expect(unwrapped.message.attrs['from']).toBe('bob@example.net/phone');
    expect(unwrap(archivedXml.replace(' queryid="q1"', ''))).not.toHaveProperty('queryId');
  });

  test('opens a result of an archive that was asked', () => {
    const xml = archivedXml.replace('<message xmlns="jabber:client"', '$& from="room@conference.example"');
    expect(unwrap(xml, [room])).toMatchObject({ kind: 'archived', archive: room });
    expect(code(xml)).toBe('forged-forward');
  });

  test.each([
    ['no from', ''],
    ['the own account', 'from="alice@example.org"'],
    ['the own account in another spelling', 'from="Alice@EXAMPLE.org"'],
  ])('believes %s', (_, from) => {
    expect(unwrap(carbonXml.replace('from="alice@example.org"', from)).kind).toBe('carbon');
    expect(unwrap(archivedXml.replace('to=', `${from} to=`)).kind).toBe('archived');
  });

  test.each([
    ['a stranger', 'mallory@evil.example'],
    ['a stranger with the name of the account', 'alice@evil.example'],
    ['another client of the own account', 'alice@example.org/evil'],
    ['the own account with an empty resource', 'alice@example.org/'],
    ['the own server', 'example.org'],
    ['a look-alike', 'аlice@example.org'],
    ['a subdomain', 'alice@example.org.evil.example'],
    ['the sender of the inner message', 'bob@example.net'],
    ['a participant of a room', 'room@conference.example/alice'],
    ['something that is no JID', 'alice@example.org\u200b'],
    ['nothing in quotes', ''],
  ])('refuses a carbon copy and an archive result from %s', (_, from) => {
    expect(code(carbonXml.replace('from="alice@example.org"', `from="${from}"`))).toBe('forged-forward');
    expect(code(sentXml.replace('from="alice@example.org"', `from="${from}"`))).toBe('forged-forward');
    expect(code(archivedXml.replace('to=', `from="${from}" to=`))).toBe('forged-forward');
  });

  test('refuses a carbon copy from an archive', () => {
    const xml = carbonXml.replace('from="alice@example.org"', 'from="room@conference.example"');
    expect(codeOf(() => unwrap(xml, [room]))).toBe('forged-forward');
  });

  test('refuses a copy of a sent message that the account did not send', () => {
    expect(code(sentXml.replace('alice@example.org/phone', 'bob@example.net/phone'))).toBe('forged-forward');
    expect(code(sentXml.replace(' from="alice@example.org/phone"', ''))).toBe('missing-attribute');
    expect(code(sentXml.replace('alice@example.org/phone', 'alice @example.org/phone'))).toBe('invalid-jid');
  });

  test.each([
    ['no forwarded element', carbonXml.replaceAll('forwarded', 'other'), 'missing-element'],
    ['two forwarded elements', doubled(carbonXml, /<forwarded.*<\/forwarded>/), 'repeated-element'],
    [
      'no message in it',
      carbonXml.replace(/<message xmlns="jabber:client" from="bob.*?<\/message>/, ''),
      'missing-element',
    ],
    [
      'two messages in it',
      doubled(carbonXml, /<message xmlns="jabber:client" from="bob.*?<\/message>/),
      'repeated-element',
    ],
    ['two copies', doubled(carbonXml, /<received.*<\/received>/), 'repeated-element'],
    [
      'a copy and a result',
      carbonXml.replace('</received>', '</received><result xmlns="urn:xmpp:mam:2" id="1"/>'),
      'repeated-element',
    ],
    ['an archive result without id', archivedXml.replace(' id="28482"', ''), 'missing-attribute'],
    [
      'an inner message of another namespace',
      carbonXml.replace('jabber:client" from="bob', 'urn:x" from="bob'),
      'missing-element',
    ],
    ['an <iq/>', '<iq xmlns="jabber:client"/>', 'unexpected-element'],
    ['a <message/> of another namespace', '<message xmlns="urn:x"/>', 'unexpected-element'],
  ])('refuses %s', (_, xml, wanted) => {
    expect(code(xml)).toBe(wanted);
  });

  test('does not open what is inside', () => {
    const twice = carbonXml.replace('type="chat">', '$&<received xmlns="urn:xmpp:carbons:2"/>');
    expect(unwrap(twice).message.getChild('received')).toBeDefined();
  });

  test('does not take a plain <forwarded/> or another namespace for a copy', () => {
    expect(unwrap('<message from="x@y"><forwarded xmlns="urn:xmpp:forward:0"/></message>').kind).toBe('plain');
    expect(unwrap(carbonXml.replace('urn:xmpp:carbons:2', 'urn:xmpp:carbons:1')).kind).toBe('plain');
  });

  test('reads the first delay that can be read', () => {
    const xml = carbonXml.replace(
      '<delay',
      '<delay xmlns="urn:xmpp:delay" stamp="yesterday"/><delay xmlns="urn:xmpp:delay"/><delay',
    );
    expect(unwrap(xml).delay?.stamp).toEqual(new Date('2010-07-10T23:08:25Z'));
    expect(unwrap(carbonXml.replace('2010-07-10T23:08:25Z', '?'))).not.toHaveProperty('delay');
  });

  function doubled(xml: string, part: RegExp): string {
    expect(xml).toMatch(part);
    return xml.replace(part, '$&$&');
  }
});
