import {
  bareJid,
  type ListedDevice,
  parseBundle,
  parseDevices,
  parseEncrypted,
  parseEnvelope,
  parseXml,
  serializeBundle,
  serializeDevices,
  serializeEncrypted,
  serializeEnvelope,
} from '@omemo-kit/omemo-wire';
import fc from 'fast-check';
import { Element, parse as parseWithLtx } from 'ltx';
import { describe, expect, test } from 'vitest';
import { isXmlText } from '../../src/xml/characters.ts';
import { runs } from './runs.ts';

const ownId = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const xmlText = fc.string({ unit: 'binary', maxLength: 20 }).filter(isXmlText);

const label = fc
  .record({
    label: fc.option(
      xmlText.filter((text) => !/[\t\r\n]/.test(text)),
      { nil: undefined },
    ),
    labelSignature: fc.option(bytes(64), { nil: undefined }),
  })
  .map(({ label, labelSignature }) => ({
    ...(label === undefined ? {} : { label }),
    ...(label === undefined || labelSignature === undefined ? {} : { labelSignature }),
  }));

/** Over text, as through a server. */
const sent = (element: Element) => parseXml(element.toString());

const tree: fc.Arbitrary<Element> = fc.letrec<{ element: Element }>((tie) => ({
  element: fc
    .tuple(
      fc.constantFrom('a', 'body', 'élan', '_x', 'p:q', '__proto__'),
      fc.dictionary(fc.constantFrom('b', 'c-d', 'p:e', 'constructor', '__proto__'), xmlText, { maxKeys: 3 }),
      fc.array(fc.oneof({ depthSize: 'small' }, xmlText, tie('element')), { maxLength: 4 }),
    )
    .map(([name, attributes, children]) => {
      const element = new Element(name, { xmlns: 'urn:example', 'xmlns:p': 'urn:p', ...attributes });
      for (const child of children) element.cnode(child);
      return element;
    }),
})).element;

/** Text beside text is one text, and there is no empty one. */
function shapeOf(element: Element): unknown {
  const children: unknown[] = [];
  for (const child of element.children) {
    const last = children.length - 1;
    if (typeof child !== 'string') children.push(shapeOf(child));
    else if (typeof children[last] === 'string') children[last] += child;
    else if (child !== '') children.push(child);
  }
  return { name: element.name, attrs: Object.entries(element.attrs), children };
}

describe('what is written is read', () => {
  test('device lists', () => {
    const list = fc.uniqueArray(
      fc.tuple(ownId, label).map(([id, rest]): ListedDevice => ({ id, ...rest })),
      { selector: ({ id }) => id, maxLength: 10 },
    );
    fc.assert(
      fc.property(list, (devices) => {
        expect(parseDevices(sent(serializeDevices(devices)))).toEqual(devices);
      }),
      runs(300),
    );
  });

  test('bundles', () => {
    const preKeys = fc.uniqueArray(fc.record({ id: ownId, publicKey: bytes(32) }), {
      selector: ({ id }) => id,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.record({ spkId: ownId, spk: bytes(32), spks: bytes(64), ik: bytes(32), preKeys }), (bundle) => {
        expect(parseBundle(sent(serializeBundle(bundle)))).toEqual(bundle);
      }),
      runs(300),
    );
  });

  test('messages, by every recipient', () => {
    const jid = fc
      .constantFrom('alice@example.org', 'bob@example.net', '__proto__', 'a&b@example.org'.replace('&', '~'))
      .map(bareJid);
    const key = fc.record({
      jid,
      rid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      kex: fc.boolean(),
      content: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    });
    const keys = fc.uniqueArray(key, { selector: (one) => `${one.jid} ${one.rid}`, minLength: 1, maxLength: 8 });
    const payload = fc.option(fc.uint8Array({ minLength: 1, maxLength: 100 }), { nil: undefined });
    fc.assert(
      fc.property(fc.record({ sid: ownId, keys, payload }), (message) => {
        const element = sent(serializeEncrypted(message));
        for (const { jid, rid, kex, content } of message.keys) {
          expect(parseEncrypted(element, { jid, deviceId: rid })).toEqual({
            sid: message.sid,
            key: content,
            kexAttribute: kex,
            payload: message.payload,
            recipients: message.keys.length,
          });
        }
      }),
      runs(300),
    );
  });

  test('envelopes with any content', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 3 }), xmlText, (content, padding) => {
        const read = parseEnvelope(serializeEnvelope({ content, padding }));
        expect(read.content.map(shapeOf)).toEqual(content.map(shapeOf));
      }),
      runs(500),
    );
  });

  test('XML, as ltx reads it', () => {
    fc.assert(
      fc.property(tree, (element) => {
        const envelope = new TextDecoder().decode(serializeEnvelope({ content: [element], padding: '' }));
        const withLtx = parseWithLtx(envelope).getChild('content')?.getChildElements()[0];
        // ltx loses an attribute called __proto__.
        expect(JSON.stringify(shapeOf(withLtx!))).toBe(
          JSON.stringify(shapeOf(element))
            .replaceAll(/\["__proto__","(?:[^"\\]|\\.)*"\],?/g, '')
            .replaceAll(',]', ']'),
        );
      }),
      runs(300),
    );
  });
});
