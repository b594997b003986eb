import { limits, parseEnvelope, parseXml, serializeEnvelope, type WireErrorCode } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';
import { envelopeXml } from '../samples.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const written = (input: Parameters<typeof serializeEnvelope>[0]) => new TextDecoder().decode(serializeEnvelope(input));
const envelope = (inside: string) => utf8(`<envelope xmlns="urn:xmpp:sce:1">${inside}</envelope>`);
const body = () => new Element('body', { xmlns: 'jabber:client' }).t('Hello & <bye>');

describe('serializeEnvelope', () => {
  test('writes content, affixes and <rpad/>', () => {
    const time = new Date('2004-01-25T05:05:00Z');
    expect(written({ content: [body()], from: 'a@b', to: 'c@d', time, padding: 'x&y' })).toBe(
      '<envelope xmlns="urn:xmpp:sce:1"><content><body xmlns="jabber:client">Hello &amp; &lt;bye&gt;</body></content>' +
        '<time stamp="2004-01-25T05:05:00.000Z"/><to jid="c@d"/><from jid="a@b"/><rpad>x&amp;y</rpad></envelope>',
    );
  });

  test('leaves out the affixes not given, never the padding', () => {
    expect(written({ content: [], padding: '' })).toBe('<envelope xmlns="urn:xmpp:sce:1"><content/><rpad/></envelope>');
  });

  test('gives content the namespace it has where it stands', () => {
    const stanza = parseXml('<message xmlns="jabber:client"><body>x</body><y:z xmlns:y="urn:y"><y:a/></y:z></message>');
    expect(written({ content: stanza.getChildElements(), padding: '' })).toContain(
      '<content><body xmlns="jabber:client">x</body><y:z xmlns:y="urn:y" xmlns="jabber:client"><y:a/></y:z></content>',
    );
  });

  test('declares prefixes that an ancestor declared', () => {
    const outer = parseXml('<r xmlns="urn:r" xmlns:p="urn:p" xmlns:q="urn:q"><p:a q:b="1"><c/></p:a></r>');
    const [inner] = outer.getChildElements();
    const [read] = parseEnvelope(serializeEnvelope({ content: [inner!], padding: '' })).content;
    expect([read?.getNS(), read?.getAttr('b', 'urn:q'), read?.getChildElements()[0]?.getNS()]).toEqual([
      'urn:p',
      '1',
      'urn:r',
    ]);
  });

  test('takes the xml prefix as declared', () => {
    const content = [parseXml('<body xmlns="jabber:client" xml:lang="de">Hallo</body>')];
    expect(String(parseEnvelope(serializeEnvelope({ content, padding: '' })).content[0])).toBe(String(content[0]));
  });

  test('keeps content out of the namespace of the envelope', () => {
    const [read] = parseEnvelope(
      serializeEnvelope({ content: [parseXml('<p:a xmlns:p="urn:p"><c/></p:a>')], padding: '' }),
    ).content;
    expect(read?.getChildElements()[0]?.getNS()).not.toBe('urn:xmpp:sce:1');
  });

  test('writes numbers as text and leaves out what is nothing, as ltx does', () => {
    const element = new Element('a', { xmlns: 'urn:x', b: 7, c: true, d: null, e: undefined });
    element.children.push(7 as never, null as never, undefined as never, 'x');
    expect(written({ content: [element], padding: '' })).toContain(`<content>${element}</content>`);
    expect(element.toString()).toBe('<a xmlns="urn:x" b="7" c="true">7x</a>');
  });

  test('is capped in size', () => {
    const around = serializeEnvelope({ content: [], padding: '' }).length + '</rpad>'.length - 1;
    const sized = (length: number) =>
      codeOf(() => serializeEnvelope({ content: [], padding: 'x'.repeat(length - around) }));
    expect(serializeEnvelope({ content: [], padding: 'xy' })).toHaveLength(around + 2);
    expect(sized(limits.payloadBytes)).toBe('accepted');
    expect(sized(limits.payloadBytes + 1)).toBe('too-large');
  });

  test('nests as deep as parseEnvelope reads', () => {
    const bytes = serializeEnvelope({ content: [deep(62)], padding: '' });
    expect(codeOf(() => parseEnvelope(bytes))).toBe('accepted');
    expect(codeOf(() => serializeEnvelope({ content: [deep(63)], padding: '' }))).toBe('too-large');
  });

  test('does not change what it was given', () => {
    const stanza = parseXml('<message xmlns="jabber:client"><body>x</body></message>');
    const before = stanza.toString();
    serializeEnvelope({ content: stanza.getChildElements(), padding: '' });
    expect(stanza.toString()).toBe(before);
    expect(stanza.getChildElements()[0]?.parent).toBe(stanza);
  });

  test.each<readonly [string, Partial<Parameters<typeof serializeEnvelope>[0]>, WireErrorCode]>([
    ['content without namespace', { content: [new Element('body')] }, 'invalid-argument'],
    ['content in no namespace', { content: [new Element('body', { xmlns: '' })] }, 'invalid-argument'],
    ['content with an undeclared prefix', { content: [new Element('x:body', { xmlns: 'urn:x' })] }, 'invalid-argument'],
    [
      'content with an undeclared prefix inside',
      { content: [new Element('a', { xmlns: 'urn:x' }).c('x:b').up() as Element] },
      'invalid-argument',
    ],
    ['content that is text', { content: ['hello' as never] }, 'invalid-argument'],
    ['a child that is neither element nor text', { content: [withChild(Symbol('x'))] }, 'invalid-argument'],
    ['a name that is none', { content: [new Element('a b', { xmlns: 'urn:x' })] }, 'invalid-argument'],
    [
      'an attribute name that is none',
      { content: [new Element('a', { xmlns: 'urn:x', 'b"': '1' })] },
      'invalid-argument',
    ],
    ['a hint', { content: [new Element('store', { xmlns: 'urn:xmpp:hints' })] }, 'forbidden-element'],
    ['a control character in text', { content: [new Element('a', { xmlns: 'urn:x' }).t('\0')] }, 'invalid-character'],
    ['half a character in text', { content: [new Element('a', { xmlns: 'urn:x' }).t('\ud83d')] }, 'invalid-character'],
    [
      'a control character in an attribute',
      { content: [new Element('a', { xmlns: 'urn:x', b: '\u0001' })] },
      'invalid-character',
    ],
    ['a control character in the padding', { padding: '\0' }, 'invalid-character'],
    ['a sender that is no JID', { from: 'a b@c' }, 'invalid-jid'],
    ['a recipient that is no JID', { to: '' }, 'invalid-jid'],
    ['a resource that XML cannot carry', { to: 'a@b/\0' }, 'invalid-character'],
    ['an invalid time', { time: new Date(Number.NaN) }, 'invalid-time'],
    ['a time in the year 10000', { time: new Date(Date.UTC(10_000, 0)) }, 'invalid-time'],
    ['more than a stanza holds', { padding: 'x'.repeat(limits.payloadBytes) }, 'too-large'],
    ['content too deep', { content: [deep(70)] }, 'too-large'],
    ['content with a loop', { content: [loop()] }, 'too-large'],
  ])('refuses %s', (_, changed, code) => {
    expect(codeOf(() => serializeEnvelope({ content: [body()], padding: '', ...changed }))).toBe(code);
  });

  function withChild(child: unknown): Element {
    const element = new Element('a', { xmlns: 'urn:x' });
    element.children.push(child as never);
    return element;
  }

  function deep(depth: number): Element {
    const root = new Element('a', { xmlns: 'urn:x' });
    let last = root;
    for (let level = 1; level < depth; level++) last = last.c('a');
    return root;
  }

  function loop(): Element {
    const root = new Element('a', { xmlns: 'urn:x' });
    root.children.push(root);
    return root;
  }
});

describe('parseEnvelope', () => {
  test('reads content, affixes and padding', () => {
    const { content, from, to, time } = parseEnvelope(utf8(envelopeXml));
    expect(content.map((element) => element.toString())).toEqual([
      '<body xmlns="jabber:client">Hello &amp; bye</body>',
      '<x:apply xmlns:x="urn:example" x:a="1" xmlns="urn:xmpp:sce:1">t<x:b/></x:apply>',
    ]);
    expect([from, to, time]).toEqual(['alice@example.org', 'bob@example.net', new Date('2004-01-25T05:05:00Z')]);
    expect(content.every((element) => element.parent === null)).toBe(true);
  });

  test('reads back what serializeEnvelope wrote', () => {
    const time = new Date(1_700_000_000_123);
    const input = { content: [body()], from: 'a@b/c', to: 'c@d', time, padding: '🙂'.repeat(200) };
    const { content, ...affixes } = parseEnvelope(serializeEnvelope(input));
    expect(content.map(String)).toEqual([body().toString()]);
    expect(affixes).toEqual({ from: 'a@b/c', to: 'c@d', time });
  });

  test.each([
    ['rpad', '<content/><rpad>abc</rpad>'],
    ['rpads, as the text of XEP-0384 has it', '<content/><rpads>abc</rpads>'],
    ['both', '<rpad/><content/><rpads/>'],
    ['none', '<content/>'],
    ['long padding', `<content/><rpad>${'x'.repeat(10_000)}</rpad>`],
    ['an unknown affix', '<content/><other>x</other><from xmlns="urn:other"/>'],
    ['white space', '\n <content>\n </content>\n'],
  ])('takes %s', (_, inside) => {
    expect(parseEnvelope(envelope(inside))).toEqual({ content: [] });
  });

  test('reads what QXmpp writes', () => {
    const { content, from, to } = parseEnvelope(
      utf8(
        '<envelope xmlns="urn:xmpp:sce:1"><time stamp="2022-01-01T00:00:00Z"/><to jid="a@b"/><from jid="c@d"/>' +
          '<rpad>abc</rpad><content><body xmlns="jabber:client">Hi</body></content></envelope>',
      ),
    );
    expect([content[0]?.getText(), from, to]).toEqual(['Hi', 'c@d', 'a@b']);
  });

  test.each<readonly [string, string, WireErrorCode]>([
    ['no content', '', 'missing-element'],
    ['two contents', '<content/><content/>', 'repeated-element'],
    ['content of another namespace', '<content xmlns="urn:x"/>', 'missing-element'],
    ['two senders', '<content/><from jid="a@b"/><from jid="a@b"/>', 'repeated-element'],
    ['two recipients', '<content/><to jid="a@b"/><to jid="c@d"/>', 'repeated-element'],
    ['two times', '<content/><time stamp="2022-01-01T00:00:00Z"/><time/>', 'repeated-element'],
    ['a sender without jid', '<content/><from>a@b</from>', 'missing-attribute'],
    ['a sender that is no JID', '<content/><from jid=""/>', 'invalid-jid'],
    ['a recipient that is no JID', '<content/><to jid="a@b/"/>', 'invalid-jid'],
    ['a time without stamp', '<content/><time/>', 'missing-attribute'],
    ['a time that is none', '<content/><time stamp="today"/>', 'invalid-time'],
    ['a comment', '<content/><!-- -->', 'malformed-xml'],
    ['a control character', '<content>\u0001</content>', 'invalid-character'],
    ['depth', `<content>${'<a>'.repeat(63)}${'</a>'.repeat(63)}</content>`, 'too-large'],
  ])('refuses %s', (_, inside, code) => {
    expect(codeOf(() => parseEnvelope(envelope(inside)))).toBe(code);
  });

  test.each([
    ['another element', '<message xmlns="urn:xmpp:sce:1"><content/></message>', 'unexpected-element'],
    ['the older namespace', '<content xmlns="urn:xmpp:sce:0"><payload/></content>', 'unexpected-element'],
    ['nothing', '', 'malformed-xml'],
  ])('refuses %s', (_, xml, code) => {
    expect(codeOf(() => parseEnvelope(utf8(xml)))).toBe(code);
  });

  test.each([
    ['a byte alone', [0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ])('refuses %s as UTF-8', (_, bytes) => {
    const text = utf8('<envelope xmlns="urn:xmpp:sce:1"><content>?</content></envelope>');
    const at = text.indexOf(0x3f);
    const broken = Uint8Array.of(...text.subarray(0, at), ...bytes, ...text.subarray(at + 1));
    expect(codeOf(() => parseEnvelope(broken))).toBe('invalid-utf8');
  });

  test('refuses a byte order mark', () => {
    expect(codeOf(() => parseEnvelope(Uint8Array.of(0xef, 0xbb, 0xbf, ...envelope('<content/>'))))).toBe(
      'malformed-xml',
    );
  });

  test('is capped in size', () => {
    const around = envelope('<content/><rpad></rpad>').length;
    const sized = (length: number) => envelope(`<content/><rpad>${'x'.repeat(length - around)}</rpad>`);
    expect(sized(limits.payloadBytes)).toHaveLength(limits.payloadBytes);
    expect(codeOf(() => parseEnvelope(sized(limits.payloadBytes)))).toBe('accepted');
    expect(codeOf(() => parseEnvelope(sized(limits.payloadBytes + 1)))).toBe('too-large');
    expect(codeOf(() => parseEnvelope(envelope('<content/>'), { payloadBytes: 20 }))).toBe('too-large');
  });

  test('refuses what is no Uint8Array', () => {
    for (const value of [undefined, 'text', [1]])
      expect(codeOf(() => parseEnvelope(value as never))).toBe('invalid-argument');
  });
});
