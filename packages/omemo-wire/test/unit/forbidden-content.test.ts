import { isForbiddenContent, parseEnvelope, parseXml } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';

const forbidden = [
  '<store xmlns="urn:xmpp:hints"/>',
  '<no-copy xmlns="urn:xmpp:hints"/>',
  '<h:no-store xmlns:h="urn:xmpp:hints"/>',
  '<stanza-id xmlns="urn:xmpp:sid:0" id="1" by="a@b"/>',
  '<addresses xmlns="http://jabber.org/protocol/address"/>',
  '<encryption xmlns="urn:xmpp:eme:0"/>',
  '<received xmlns="urn:xmpp:carbons:2"/>',
  '<private xmlns="urn:xmpp:carbons:2"/>',
  '<result xmlns="urn:xmpp:mam:2"/>',
  '<delay xmlns="urn:xmpp:delay"/>',
  '<event xmlns="http://jabber.org/protocol/pubsub#event"/>',
  '<x xmlns="http://jabber.org/protocol/muc#user"/>',
  '<envelope xmlns="urn:xmpp:sce:1"/>',
  '<encrypted xmlns="urn:xmpp:omemo:2"/>',
  '<encrypted xmlns="eu.siacs.conversations.axolotl"/>',
];

const allowed = [
  '<body xmlns="jabber:client">x</body>',
  '<origin-id xmlns="urn:xmpp:sid:0" id="1"/>',
  '<opt-out xmlns="urn:xmpp:omemo:2"/>',
  '<x xmlns="jabber:x:oob"/>',
  '<request xmlns="urn:xmpp:receipts"/>',
  '<forwarded xmlns="urn:xmpp:forward:0"/>',
  '<store xmlns="urn:example"/>',
  '<x:store xmlns="urn:xmpp:hints" xmlns:x="urn:example"/>',
];

describe('content of an envelope', () => {
  test.each(forbidden)('must not hold %s', (xml) => {
    expect(isForbiddenContent(parseXml(xml))).toBe(true);
  });

  test.each(allowed)('may hold %s', (xml) => {
    expect(isForbiddenContent(parseXml(xml))).toBe(false);
  });

  test('comes out without what is forbidden, the rest in order', () => {
    const mixed = allowed.flatMap((xml, index) => [forbidden[index]!, xml]);
    const text = `<envelope xmlns="urn:xmpp:sce:1"><content>${[...mixed, ...forbidden].join('')}</content></envelope>`;
    const { content } = parseEnvelope(new TextEncoder().encode(text));
    expect(content.map((element) => element.name)).toEqual(allowed.map((xml) => parseXml(xml).name));
  });

  test('is judged by namespaces that the envelope declared', () => {
    const text =
      '<e:envelope xmlns:e="urn:xmpp:sce:1" xmlns="urn:xmpp:hints"><e:content><store/></e:content></e:envelope>';
    expect(parseEnvelope(new TextEncoder().encode(text)).content).toEqual([]);
  });
});
