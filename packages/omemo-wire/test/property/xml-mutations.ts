import fc from 'fast-check';

/** Tags, and the text between them. */
const TOKEN = /<[^>]*>|[^<]+/g;
const ATTRIBUTE = / [\w:]+="[^"]*"/g;

const text = fc.constantFrom(
  ...[
    '',
    ' ',
    '\n',
    '0',
    '-1',
    '4294967296',
    '1e3',
    '007',
    '@',
    '=',
    '==',
    'A',
    'AA==',
    'AAAA',
    '\0',
    '\u202e',
    '\ud800',
    'é',
    'ﬁ',
    '/',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'a@b/',
    'A@B',
    'alice@example.org',
    'mallory@evil.example',
    'true',
    'TRUE',
  ],
  ...['2004-01-25T06:05:00Z', 'urn:xmpp:omemo:2', 'urn:xmpp:omemo:1', 'urn:xmpp:sce:1', '', 'urn:xmpp:carbons:2'],
  'x'.repeat(2_000),
);

const raw = fc.constantFrom(
  ...[
    '<',
    '>',
    '"',
    "'",
    '&',
    '&amp;',
    '&#0;',
    '&#x41;',
    '&lol;',
    '<!--',
    '-->',
    '<![CDATA[x]]>',
    '<?x?>',
    '<!DOCTYPE a>',
    ']]>',
  ],
  ...[
    '<a>',
    '</a>',
    '<a/>',
    '<x:y/>',
    '</',
    '/>',
    ' xmlns="urn:x"',
    ' xmlns:x="urn:x"',
    ' id="1"',
    ' id="2"',
    ' jid="a@b"',
    ' kex="1"',
    ' a="1" a="2"',
  ],
  ...[
    '<key rid="22">AAAA</key>',
    '<keys jid="bob@example.net"/>',
    '<payload/>',
    '<content/>',
    '<from jid="x@y"/>',
    '<device id="1"/>',
    '<ik>AAAA</ik>',
  ],
  '<d>'.repeat(70),
);

type TextMutation = (xml: string) => string;

function mutation(samples: readonly string[]): fc.Arbitrary<TextMutation> {
  const pick = (xml: string, pattern: RegExp, at: number) => {
    const matches = [...xml.matchAll(pattern)];
    return matches[at % Math.max(matches.length, 1)];
  };
  const replaced = (xml: string, match: RegExpExecArray | undefined, by: string) =>
    match === undefined ? xml : xml.slice(0, match.index) + by + xml.slice(match.index + match[0].length);
  const on = (pattern: RegExp, by: (match: string) => string) =>
    fc.nat().map((at) => (xml: string) => {
      const match = pick(xml, pattern, at);
      return replaced(xml, match, by(match?.[0] ?? ''));
    });
  return fc.oneof(
    on(TOKEN, () => ''),
    on(TOKEN, (token) => token + token),
    on(ATTRIBUTE, () => ''),
    on(ATTRIBUTE, (attribute) => attribute + attribute),
    text.chain((value) => on(ATTRIBUTE, (attribute) => `${attribute.slice(0, attribute.indexOf('"'))}"${value}"`)),
    text.chain((value) => on(/>[^<]*</g, () => `>${value}<`)),
    text.chain((value) => on(/(?<=<\/?)[\w:-]+/g, () => value)),
    // A whole element removed, repeated, or replaced by one of another sample.
    on(/<([\w:-]+)(?: [^>]*)?(?:\/>|>[^<]*<\/\1>)/g, () => ''),
    on(/<([\w:-]+)(?: [^>]*)?(?:\/>|>[^<]*<\/\1>)/g, (element) => element + element),
    on(/<([\w:-]+)(?: [^>]*)?>.*<\/\1>/g, (element) => element + element),
    fc.constantFrom(...samples).chain((other) => on(TOKEN, () => other)),
    fc.tuple(fc.nat(), raw).map(([at, inserted]) => (xml: string) => {
      const where = at % (xml.length + 1);
      return xml.slice(0, where) + inserted + xml.slice(where);
    }),
    fc.nat().map((at) => (xml: string) => xml.slice(0, at % (xml.length + 1))),
    fc.tuple(fc.nat(), fc.nat(0xffff)).map(([at, code]) => (xml: string) => {
      const where = at % Math.max(xml.length, 1);
      return xml.slice(0, where) + String.fromCharCode(code) + xml.slice(where + 1);
    }),
    fc.tuple(fc.nat(), fc.integer({ min: 0, max: 6 })).map(([at, bit]) => (xml: string) => {
      const where = at % Math.max(xml.length, 1);
      return (
        xml.slice(0, where) + String.fromCharCode((xml.charCodeAt(where) || 0) ^ (1 << bit)) + xml.slice(where + 1)
      );
    }),
    fc.tuple(fc.nat(), fc.nat(), fc.constantFrom(...samples)).map(([at, from, other]) => (xml: string) => {
      return xml.slice(0, at % (xml.length + 1)) + other.slice(from % (other.length + 1));
    }),
  );
}

/** One of the samples after one to three changes. */
export function mutatedXml(samples: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation(samples), { minLength: 1, maxLength: 3 }))
    .map(([sample, mutations]) => mutations.reduce((xml, mutate) => mutate(xml), sample));
}
