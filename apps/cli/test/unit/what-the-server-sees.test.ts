import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { oddityIn } from '../../src/demo/message-shape.ts';
import { holds, needlesFor, readableOf } from '../../src/demo/plaintext-search.ts';

const ENCRYPTED =
  '<encrypted xmlns="urn:xmpp:omemo:2"><header sid="1"><keys jid="bob@example.net"><key rid="2" kex="true">AAAA</key></keys></header>' +
  '<payload>AAECAwQ=</payload></encrypted>';
const MESSAGE = `<message xmlns="jabber:client" id="demo-1" type="chat" from="alice@example.org/phone" to="bob@example.net">${ENCRYPTED}<store xmlns="urn:xmpp:hints"/></message>`;

describe('the shape of a message', () => {
  test('addresses, ids and sealed bytes', () => {
    expect(oddityIn(parse(MESSAGE))).toBeUndefined();
    const carbon = `<message xmlns="jabber:client" type="chat" from="bob@example.net" to="bob@example.net/phone"><sent xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">${MESSAGE}</forwarded></sent></message>`;
    expect(oddityIn(parse(carbon))).toBeUndefined();
  });

  test.each([
    ['a body', MESSAGE.replace('<store', '<body>x</body><store'), '<body/>'],
    ['text between elements', MESSAGE.replace('<store', 'x<store'), 'text in <message/>'],
    ['text that is not base64', MESSAGE.replace('AAECAwQ=', 'hi there'), 'text in <payload/>'],
    ['an attribute more', MESSAGE.replace('sid="1"', 'sid="1" x="1"'), 'header x'],
    ['an address of somebody else', MESSAGE.replace('to="bob@example.net"', 'to="x@example.net"'), 'message to'],
    ['a word for a number', MESSAGE.replace('rid="2"', 'rid="x"'), 'key rid'],
  ])('%s', (_, xml, oddity) => {
    expect(oddityIn(parse(xml))).toBe(oddity);
  });
});

describe('the search for a text', () => {
  const text = 'Noodles & more <on> Sunday?\nby the river, ünd so on';
  const [, , ...none] = needlesFor(text, []);
  const base64 = (start: string, inner: string) => Buffer.from(start + inner).toString('base64');

  test('looks for the whole and for every line', () => {
    expect(needlesFor(text, []).map((needle) => needle.text)).toEqual([text, ...text.split('\n')]);
    expect(none).toHaveLength(1);
  });

  test.each([
    ['plain in an attribute', `<a b="by the river, ünd so on"/>`],
    ['escaped', '<a>Noodles &amp; more &lt;on> Sunday?</a>'.replace('on>', 'on&gt;')],
    ['in base64', `<a>${base64('', text)}</a>`],
    ['in base64, one byte in', `<a>{${base64('x', text)}}</a>`],
    ['in base64, two bytes in', `<a>{${base64('xy', text)}}</a>`],
    ['within an element that is base64', `<a><b>${base64('\u0001\u0002', text)}</b></a>`],
  ])('finds it %s', (_, xml) => {
    expect(needlesFor(text, []).some((needle) => holds(readableOf(parse(xml)), needle))).toBe(true);
  });

  test('finds nothing in what is sealed', () => {
    expect(needlesFor(text, []).some((needle) => holds(readableOf(parse(MESSAGE)), needle))).toBe(false);
  });

  test.each(['', 'short', 'urn:xmpp:omemo:2', 'alice@example.org', '</payload>'])('does not look for %j', (common) => {
    expect(needlesFor(common, [readableOf(parse('<iq from="alice@example.org"/>'))])).toEqual([]);
  });
});
