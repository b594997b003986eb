import { parseDevices, parsePubsubEvent, parseXml } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';
import { eventXml } from '../samples.ts';

const read = (xml: string) => parsePubsubEvent(parseXml(xml));
const event = (inside: string) =>
  `<message from="bob@example.net"><event xmlns="http://jabber.org/protocol/pubsub#event">${inside}</event></message>`;

describe('parsePubsubEvent', () => {
  test('reads published and retracted items', () => {
    const read = parsePubsubEvent(parseXml(eventXml));
    expect(read).toMatchObject({
      from: 'bob@example.net',
      node: 'urn:xmpp:omemo:2:devices',
      action: 'items',
      retracted: ['old'],
    });
    expect(read?.items.map(({ id }) => id)).toEqual(['current']);
    expect(parseDevices(read!.items[0]!.payload!).map(({ id }) => id)).toEqual([1, 2_147_483_647]);
  });

  test('reads items without id or payload', () => {
    expect(read(event('<items node="n"><item/><item id="a">text</item></items>'))?.items).toEqual([{}, { id: 'a' }]);
  });

  test.each(['purge', 'delete'] as const)('reads that a node was hit by %s', (action) => {
    expect(read(event(`<${action} node="n"/>`))).toEqual({
      from: 'bob@example.net',
      node: 'n',
      action,
      items: [],
      retracted: [],
    });
  });

  test('leaves the sender open when the stanza does', () => {
    expect(read(eventXml.replace(' from="bob@example.net"', ''))).not.toHaveProperty('from');
  });

  test('gives the sender in canonical form', () => {
    expect(read(eventXml.replace('bob@example.net', 'BOB@example.net.'))?.from).toBe('bob@example.net');
  });

  test.each([
    ['a message without event', '<message><body>x</body></message>'],
    ['an event of another namespace', event('<items node="n"/>').replace('#event', '')],
    ['a configuration change', event('<configuration node="n"/>')],
    ['an error that echoes an event', event('<items node="n"/>').replace('<message', '<message type="error"')],
    ['an <iq/>', '<iq><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="n"/></event></iq>'],
    ['items of another namespace', event('<items xmlns="urn:x" node="n"/>')],
  ])('sees no event in %s', (_, xml) => {
    expect(read(xml)).toBeUndefined();
  });

  test.each([
    ['a sender with resource', event('<items node="n"/>').replace('example.net', 'example.net/x'), 'invalid-jid'],
    [
      'a participant of a room',
      event('<items node="n"/>').replace('bob@example.net', 'room@c.example/bob'),
      'invalid-jid',
    ],
    ['no node', event('<items/>'), 'missing-attribute'],
    ['two lists', event('<items node="n"/><items node="m"/>'), 'repeated-element'],
    ['a list and a purge', event('<items node="n"/><purge node="n"/>'), 'repeated-element'],
    ['two events', eventXml.replace(/<event.*<\/event>/, '$&$&'), 'repeated-element'],
    ['a retraction without id', event('<items node="n"><retract/></items>'), 'missing-attribute'],
  ])('refuses %s', (_, xml, code) => {
    expect(codeOf(() => read(xml))).toBe(code);
  });
});
