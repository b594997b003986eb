import { bareJid, bareJidOf } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';

const long = (length: number) => 'x'.repeat(length);

describe('bareJid', () => {
  test.each([
    ['the canonical form', 'juliet@capulet.lit', 'juliet@capulet.lit'],
    ['a domain alone', 'capulet.lit', 'capulet.lit'],
    ['upper case', 'Juliet@CAPULET.Lit', 'juliet@capulet.lit'],
    ['upper case beyond ASCII', 'ÉLAN@EXÄMPLE.ORG', 'élan@exämple.org'],
    ['a combining accent', 'e\u0301lan@example.org', '\u00e9lan@example.org'],
    ['an upper case letter with a combining accent', 'E\u0301LAN@example.org', 'élan@example.org'],
    ['full-width letters', 'ｊｕｌｉｅｔ@ｃａｐｕｌｅｔ.lit', 'juliet@capulet.lit'],
    ['full-width upper case', 'ＪＵＬＩＥＴ@capulet.lit', 'juliet@capulet.lit'],
    ['half-width katakana', 'ｶﾞ@example.org', 'ガ@example.org'],
    ['a final dot', 'juliet@capulet.lit.', 'juliet@capulet.lit'],
    ['ideographic full stops', 'juliet@a。b｡c．lit', 'juliet@a.b.c.lit'],
    ['the Kelvin sign', '\u212Aelvin@example.org', 'kelvin@example.org'],
    ['a dotted capital I', '\u0130@example.org', 'i\u0307@example.org'],
    ['sharp s, which is not ss', 'straße@example.org', 'straße@example.org'],
    ['a final sigma as Unicode lower-cases it', 'ΟΔΟΣ@example.org', 'οδος@example.org'],
    ['Punycode of one label', 'a@xn--bcher-kva.example', 'a@bücher.example'],
    ['Punycode in upper case', 'a@XN--BCHER-KVA.example', 'a@bücher.example'],
    ['Punycode in full-width letters', 'a@ｘｎ--bcher-kva.example', 'a@bücher.example'],
    ['an IPv4 address', 'a@192.0.2.1', 'a@192.0.2.1'],
    ['an IPv6 address', 'a@[2001:DB8::1]', 'a@[2001:db8::1]'],
    ['an escaped localpart, left as it is', 'd\\27artagnan@example.org', 'd\\27artagnan@example.org'],
    ['punctuation in the localpart', 'a.b-c_d+e=f!#$%*?^`{|}~@x.y', 'a.b-c_d+e=f!#$%*?^`{|}~@x.y'],
    ['a host name with underscores', 'a@my_host', 'a@my_host'],
    ['a name that is a property of every object', '__proto__', '__proto__'],
    ['Cyrillic, which only looks like Latin', 'аlice@example.org', 'аlice@example.org'],
  ])('%s', (_, text, canonical) => {
    expect(bareJid(text)).toBe(canonical);
    expect(bareJid(canonical)).toBe(canonical);
    expect(bareJidOf(`${text}/Ba lcony/ß@x`)).toBe(canonical);
  });

  test.each([
    ['Latin and Cyrillic a', 'alice@example.org', 'аlice@example.org'],
    ['ss and sharp s', 'strasse@example.org', 'straße@example.org'],
    ['i and dotless i', 'igor@example.org', 'ıgor@example.org'],
    ['with and without accent', 'elan@example.org', 'élan@example.org'],
    ['account and server', 'example.org', 'a@example.org'],
    ['domain and subdomain', 'a@example.org', 'a@x.example.org'],
  ])('keeps apart: %s', (_, one, other) => {
    expect(bareJid(one)).not.toBe(bareJid(other));
  });

  test.each<readonly [string, string]>([
    ['nothing', ''],
    ['no localpart before the at', '@example.org'],
    ['no domain', 'alice@'],
    ['a resource', 'alice@example.org/phone'],
    ['a trailing slash', 'alice@example.org/'],
    ['a slash first', '/alice@example.org'],
    ['two ats', 'alice@b@example.org'],
    ['a full-width slash in the localpart', 'a／b@example.org'],
    ['a full-width at in the localpart', 'a＠b@example.org'],
    ['a full-width slash in the domain', 'a@example.org／x'],
    ['a full-width at in the domain', 'a@b＠example.org'],
    ...[...'"&\':<> '].map((character) => [`${character} in the localpart`, `a${character}b@example.org`] as const),
    ['a space in front', ' alice@example.org'],
    ['a space in the domain', 'alice@exa mple.org'],
    ['a line end', 'alice@example.org\n'],
    ['a null', 'alice\0@example.org'],
    ['a C1 control', 'alice\u0085@example.org'],
    ['a no-break space', 'alice\u00a0@example.org'],
    ['an ideographic space', 'alice\u3000@example.org'],
    ['a soft hyphen', 'al\u00adice@example.org'],
    ['a zero-width space', 'alice\u200b@example.org'],
    ['a zero-width joiner', 'alice\u200d@example.org'],
    ['a right-to-left override', 'alice\u202e@example.org'],
    ['an isolate', 'alice\u2066@example.org'],
    ['a byte order mark', '\ufeffalice@example.org'],
    ['a variation selector', 'alice\ufe0f@example.org'],
    ['a tag character', 'alice\u{e0061}@example.org'],
    ['a private-use character', 'alice\ue000@example.org'],
    ['a noncharacter', 'alice\ufdd0@example.org'],
    ['an unpaired surrogate', 'alice\ud800@example.org'],
    ['an unpaired surrogate in the domain', 'alice@exam\udc00ple.org'],
    ['a ligature', 'ﬁona@example.org'],
    ['a superscript', 'x²@example.org'],
    ['a ligature in the domain', 'a@ﬁona.org'],
    ['an empty label', 'a@example..org'],
    ['a leading dot', 'a@.example.org'],
    ['only a dot', 'a@.'],
    ['two final dots', 'a@example.org..'],
    ['a colon in the domain', 'a@example.org:5222'],
    ['a bracket in the domain', 'a@[example.org]'],
    ['malformed Punycode', 'a@xn--.example'],
    ['Punycode of ASCII', 'a@xn--abc-.example'],
    ['Punycode of an upper case letter', 'a@xn--bcher-2pa.example'],
    ['Punycode of a full stop', 'a@xn--a-eha7227a.example'],
    ['Punycode of Punycode', 'a@xn--xn---3ra.example'],
    ['Punycode that ends early', 'a@xn--bcher-kv9.example'],
    ['a localpart of 1024 bytes', `${long(1_024)}@example.org`],
    ['a localpart of 1024 bytes in 512 letters', `${'é'.repeat(512)}@example.org`],
    ['a localpart of 1026 bytes in 342 letters', `${'\u0800'.repeat(342)}@example.org`],
    ['a localpart of 1024 bytes in 256 letters', `${'\u{10000}'.repeat(256)}@example.org`],
    ['a domain of 1024 bytes', `a@${long(1_024)}`],
    ['a megabyte', long(1_000_000)],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => bareJid(text))).toBe('invalid-jid');
  });

  test('takes parts of 1023 bytes', () => {
    expect(bareJid(`${long(1_023)}@${long(1_023)}`)).toHaveLength(2_047);
    for (const local of ['é'.repeat(511), '\u07ff'.repeat(511), '\u0800'.repeat(341), '\u{10000}'.repeat(255)]) {
      expect(codeOf(() => bareJid(`${local}@example.org`))).toBe('accepted');
    }
  });

  test('says nothing of the address in the error', () => {
    const secret = 'somebody\u202e@example.org';
    expect(() => bareJid(secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('somebody') }),
    );
  });

  test('refuses what is no string', () => {
    for (const value of [undefined, null, 7, {}, ['a@b']]) {
      expect(codeOf(() => bareJid(value as never))).toBe('invalid-jid');
      expect(codeOf(() => bareJidOf(value as never))).toBe('invalid-jid');
    }
  });
});

describe('bareJidOf', () => {
  test.each([
    ['alice@example.org', 'alice@example.org'],
    ['Alice@example.org/Phone', 'alice@example.org'],
    ['example.org/a@b/c', 'example.org'],
    ['room@conference.example/nick / with @ all', 'room@conference.example'],
  ])('%s', (full, bare) => {
    expect(bareJidOf(full)).toBe(bare);
  });

  test.each(['alice@example.org/', '/', '/x', ''])('refuses %j', (full) => {
    expect(codeOf(() => bareJidOf(full))).toBe('invalid-jid');
  });
});
