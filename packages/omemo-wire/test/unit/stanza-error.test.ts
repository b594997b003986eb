import { describe, expect, test } from 'vitest';
import { parseStanzaError, parseXml, serializeStanzaError } from '../../src/index.ts';
import { outcomeOf } from '../outcome.ts';

const stanza = (inside: string) => parseXml(`<message xmlns="jabber:client" type="error">${inside}</message>`);
const STANZAS = 'xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"';

describe('parseStanzaError', () => {
  test('reads type, condition, application condition and text', () => {
    const error = `<body>x</body><error type="modify" by="example.org"><policy-violation ${STANZAS}/>
      <text ${STANZAS} xml:lang="en">too long</text><stanza-too-big xmlns="urn:xmpp:errors"/></error>`;
    expect(parseStanzaError(stanza(error))).toEqual({
      type: 'modify',
      condition: 'policy-violation',
      applicationCondition: 'stanza-too-big',
      text: 'too long',
    });
  });

  test.each([
    ['', 'nothing'],
    ['<error/>', 'an empty error'],
    ['<error type="worse"><too-bad xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>', 'unknown names'],
  ])('takes %j for an undefined condition', (inside) => {
    expect(parseStanzaError(stanza(inside))).toEqual({ type: 'cancel', condition: 'undefined-condition' });
  });

  test('hands out at most 1,000 characters of text', () => {
    const long = `<error><gone ${STANZAS}/><text ${STANZAS}>${'x'.repeat(5_000)}</text></error>`;
    expect(parseStanzaError(stanza(long)).text).toHaveLength(1_000);
  });
});

test('serializeStanzaError writes what parseStanzaError reads', () => {
  const error = { type: 'wait', condition: 'resource-constraint', text: 'a & b' } as const;
  const parent = stanza('');
  parent.cnode(serializeStanzaError(error));
  expect(parseStanzaError(parseXml(parent.toString()))).toEqual(error);
  expect(outcomeOf(() => serializeStanzaError({ ...error, text: '\u0000' }))).toMatchObject({
    code: 'invalid-character',
  });
});
