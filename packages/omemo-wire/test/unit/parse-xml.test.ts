import { parseXml, type WireErrorCode } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';

const declared = 'xmlns:a="urn:a" xmlns:b="urn:b"';

describe('parseXml', () => {
  test('builds elements with attributes, text and parents', () => {
    const root = parseXml(`<m xmlns='urn:m' ${declared}>one<a:b c="1" a:c='2'/>two<d>&#x1F642;</d ></m>`);
    expect(root.getNS()).toBe('urn:m');
    expect(root.children.map((child) => (typeof child === 'string' ? child : child.name))).toEqual([
      'one',
      'a:b',
      'two',
      'd',
    ]);
    const child = root.getChild('b', 'urn:a');
    expect(child?.attrs).toEqual({ c: '1', 'a:c': '2' });
    expect(child?.parent).toBe(root);
    expect(root.getChildText('d')).toBe('🙂');
    expect(root.parent).toBeNull();
  });

  test.each([
    ['white space around the root', ' \r\n\t<a/>\n'],
    ['white space in tags', '<a\n b = "c"\t></a\n>'],
    ['the five entities', '<a>&amp;&lt;&gt;&quot;&apos;</a>'],
    ['characters by number', '<a>&#65;&#x41;&#x10FFFF;&#9;</a>'],
    ['a greater-than sign and quotes in text', '<a>"b" > \'c\'</a>'],
    ['a greater-than sign in an attribute', '<a b=">"/>'],
    ['an element named like a property of every object', '<__proto__ constructor="1"/>'],
    ['the xml prefix', '<a xml:lang="de"/>'],
    ['the xml prefix declared', '<a xmlns:xml="http://www.w3.org/XML/1998/namespace"/>'],
    ['no namespace', '<a xmlns="urn:a"><b xmlns=""/></a>'],
    ['one local name in two namespaces', `<x ${declared} a:c="1" b:c="2" c="3"/>`],
    ['a C1 control, which XML allows', '<a>\u0085</a>'],
    ['names beyond ASCII', '<élan ärger="1"/>'],
  ])('takes %s', (_, xml) => {
    expect(codeOf(() => parseXml(xml))).toBe('accepted');
  });

  test.each<readonly [string, string, WireErrorCode]>([
    ['nothing', '', 'malformed-xml'],
    ['only text', 'hello', 'malformed-xml'],
    ['only white space', ' \n', 'malformed-xml'],
    ['text in front', 'x<a/>', 'malformed-xml'],
    ['a byte order mark in front', '\ufeff<a/>', 'malformed-xml'],
    ['text behind', '<a/>x', 'malformed-xml'],
    ['a reference behind', '<a/>&#32;', 'malformed-xml'],
    ['a second root', '<a/><b/>', 'malformed-xml'],
    ['an end tag behind', '<a/></a>', 'malformed-xml'],
    ['a comment', '<a><!-- b --></a>', 'malformed-xml'],
    ['a comment in front', '<!-- b --><a/>', 'malformed-xml'],
    ['a comment behind', '<a/><!-- b -->', 'malformed-xml'],
    ['a CDATA section', '<a><![CDATA[b]]></a>', 'malformed-xml'],
    ['an XML declaration', '<?xml version="1.0"?><a/>', 'malformed-xml'],
    ['a processing instruction', '<a><?b c?></a>', 'malformed-xml'],
    ['a document type', '<!DOCTYPE a><a/>', 'malformed-xml'],
    ['an open element', '<a>', 'malformed-xml'],
    ['an open tag', '<a', 'malformed-xml'],
    ['an open attribute', '<a b="c>', 'malformed-xml'],
    ['crossed elements', '<a><b></a></b>', 'malformed-xml'],
    ['another end', '<a></b>', 'malformed-xml'],
    ['an end in other case', '<a></A>', 'malformed-xml'],
    ['attributes in an end tag', '<a></a b="c">', 'malformed-xml'],
    ['a self-closing end tag', '<a></a/>', 'malformed-xml'],
    ['space in front of a name', '< a/>', 'malformed-xml'],
    ['space behind the slash', '<a/ >', 'malformed-xml'],
    ['no name', '<>', 'malformed-xml'],
    ['a name that starts with a digit', '<1/>', 'malformed-xml'],
    ['a name with two colons', `<a:b:c ${declared}/>`, 'malformed-xml'],
    ['a name that ends with a colon', '<a:/>', 'malformed-xml'],
    ['a name that starts with a colon', '<:a/>', 'malformed-xml'],
    ['a name of a thousand characters', `<${'a'.repeat(1_000)}/>`, 'malformed-xml'],
    ['an attribute without value', '<a b/>', 'malformed-xml'],
    ['an attribute without quotes', '<a b=c/>', 'malformed-xml'],
    ['an attribute in other quotes', '<a b=x1x/>', 'malformed-xml'],
    ['attributes without space', '<a b="1"c="2"/>', 'malformed-xml'],
    ['an attribute twice', '<a b="1" b="2"/>', 'malformed-xml'],
    ['an attribute twice, named like a property', '<a __proto__="1" __proto__="2"/>', 'malformed-xml'],
    ['a namespace twice', '<a xmlns="urn:a" xmlns="urn:b"/>', 'malformed-xml'],
    ['an attribute twice in one namespace', '<a xmlns:x="urn:x" xmlns:y="urn:x" x:b="1" y:b="2"/>', 'malformed-xml'],
    ['a < in an attribute', '<a b="<"/>', 'malformed-xml'],
    ['a ]]> in text', '<a>]]></a>', 'malformed-xml'],
    ['a bare ampersand', '<a>b & c</a>', 'malformed-xml'],
    ['an ampersand in an attribute', '<a b="c&d"/>', 'malformed-xml'],
    ['an unknown entity', '<a>&nbsp;</a>', 'malformed-xml'],
    ['an entity named like a property', '<a>&constructor;</a>', 'malformed-xml'],
    ['an entity in upper case', '<a>&AMP;</a>', 'malformed-xml'],
    ['an entity without end', '<a>&amp</a>', 'malformed-xml'],
    ['a reference to a null', '<a>&#0;</a>', 'malformed-xml'],
    ['a reference to a control', '<a>&#x1F;</a>', 'malformed-xml'],
    ['a reference to a surrogate', '<a>&#xD800;</a>', 'malformed-xml'],
    ['a reference to a noncharacter', '<a>&#xFFFE;</a>', 'malformed-xml'],
    ['a reference above Unicode', '<a>&#x110000;</a>', 'malformed-xml'],
    ['a reference without digits', '<a>&#;</a>', 'malformed-xml'],
    ['a reference with a letter', '<a>&#6a;</a>', 'malformed-xml'],
    ['a reference with a thousand digits', `<a>&#${'0'.repeat(1_000)}65;</a>`, 'malformed-xml'],
    ['a reference in upper-case X', '<a>&#X41;</a>', 'malformed-xml'],
    ['an undeclared prefix', '<x:a/>', 'malformed-xml'],
    ['an undeclared prefix of an attribute', '<a x:b="1"/>', 'malformed-xml'],
    ['a prefix declared beside', '<r><a xmlns:x="urn:x"/><x:b/></r>', 'malformed-xml'],
    ['a prefix bound to nothing', '<a xmlns:x=""/>', 'malformed-xml'],
    ['the prefix xmlns on an element', '<xmlns:a/>', 'malformed-xml'],
    ['the prefix xmlns declared', '<a xmlns:xmlns="urn:x"/>', 'malformed-xml'],
    ['the prefix xml bound to another namespace', '<a xmlns:xml="urn:x"/>', 'malformed-xml'],
    [
      'another prefix bound to the namespace of xml',
      '<a xmlns:x="http://www.w3.org/XML/1998/namespace"/>',
      'malformed-xml',
    ],
    ['the namespace of xml as default', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>', 'malformed-xml'],
    ['the namespace of xmlns as default', '<a xmlns="http://www.w3.org/2000/xmlns/"/>', 'malformed-xml'],
    ['a prefix bound to the namespace of xmlns', '<a xmlns:x="http://www.w3.org/2000/xmlns/"/>', 'malformed-xml'],
    ['a null', '<a>\0</a>', 'invalid-character'],
    ['a control character', '<a>\u0001</a>', 'invalid-character'],
    ['a control character in an attribute', '<a b="\u001b"/>', 'invalid-character'],
    ['an unpaired surrogate', '<a>\ud83d</a>', 'invalid-character'],
    ['a noncharacter', '<a>\uffff</a>', 'invalid-character'],
  ])('refuses %s', (_, xml, code) => {
    expect(codeOf(() => parseXml(xml))).toBe(code);
  });

  test('refuses entity expansion without expanding', () => {
    const levels = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
    expect(codeOf(() => parseXml(`<!DOCTYPE a [<!ENTITY l0 "lol">${levels}]><a>&l10;</a>`))).toBe('malformed-xml');
    // Nor is there one that stands for anything without a declaration.
    for (const name of ['lol', 'nbsp', 'l']) expect(codeOf(() => parseXml(`<a>&${name};</a>`))).toBe('malformed-xml');
  });

  test('normalizes line ends and white space in attributes', () => {
    const root = parseXml('<a b="1\r\n2\t3\n4" c="&#10;&#9;">x\r\ny\rz&#13;</a>');
    expect(root.attrs).toEqual({ b: '1 2 3 4', c: '\n\t' });
    expect(root.getText()).toBe('x\ny\nz\r');
  });

  test('keeps an attribute named like a property out of the prototype', () => {
    const root = parseXml('<a __proto__="1" constructor="2"/>');
    expect(Object.keys(root.attrs)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(root.attrs)).toBe(Object.prototype);
    expect(root.toString()).toBe('<a __proto__="1" constructor="2"/>');
  });

  test('gives an error nothing of the text', () => {
    const secret = '<a>confidential &words; here</a>';
    expect(() => parseXml(secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringMatching(/confidential|words/), details: { offset: 16 } }),
    );
  });

  test('refuses what is no string', () => {
    for (const value of [undefined, null, 1, {}, new Uint8Array(3)]) {
      expect(codeOf(() => parseXml(value as never))).toBe('invalid-argument');
    }
  });
});

describe('limits of parseXml', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth);
  const attributes = (count: number) => `<a ${Array.from({ length: count }, (_, n) => `a${n}=""`).join(' ')}/>`;

  test('depth', () => {
    expect(codeOf(() => parseXml(nested(64)))).toBe('accepted');
    expect(codeOf(() => parseXml(nested(65)))).toBe('too-large');
    expect(codeOf(() => parseXml(`${'<a>'.repeat(64)}<b/>${'</a>'.repeat(64)}`))).toBe('too-large');
    expect(codeOf(() => parseXml(nested(30_000)))).toBe('too-large');
    expect(codeOf(() => parseXml(nested(4), { xmlDepth: 3 }))).toBe('too-large');
  });

  test('length', () => {
    const text = (length: number) => `<a>${'x'.repeat(length - 7)}</a>`;
    expect(codeOf(() => parseXml(text(262_144)))).toBe('accepted');
    expect(codeOf(() => parseXml(text(262_145)))).toBe('too-large');
  });

  test('attributes', () => {
    expect(codeOf(() => parseXml(attributes(64)))).toBe('accepted');
    expect(codeOf(() => parseXml(attributes(65)))).toBe('too-many');
    expect(codeOf(() => parseXml(`<a b="${'x'.repeat(65_536)}"/>`))).toBe('accepted');
    expect(codeOf(() => parseXml(`<a b="${'x'.repeat(65_537)}"/>`))).toBe('too-large');
  });

  test('can be raised: every parser holds at many times the size', () => {
    const raised = { xmlLength: 6_000_000, attributeLength: 6_000_000 };
    expect(codeOf(() => parseXml(`<a b="${'x'.repeat(5_000_000)}"/>`, raised))).toBe('accepted');
    expect(codeOf(() => parseXml(`<a>${'<b/>'.repeat(100_000)}</a>`, raised))).toBe('accepted');
    expect(codeOf(() => parseXml(`<a>${'&amp;'.repeat(500_000)}</a>`, raised))).toBe('accepted');
    expect(codeOf(() => parseXml(`<a${' '.repeat(5_000_000)}/>`, raised))).toBe('accepted');
    expect(codeOf(() => parseXml(`<a>${'&'.repeat(5_000_000)}</a>`, raised))).toBe('malformed-xml');
    expect(codeOf(() => parseXml(`<${'a'.repeat(5_000_000)}/>`, raised))).toBe('malformed-xml');
  });
});
