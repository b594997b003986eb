import { parseOptOut, parseXml, serializeOptOut } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../outcome.ts';

const optOut = (inside: string) => `<opt-out xmlns="urn:xmpp:omemo:2">${inside}</opt-out>`;

describe('opt-out', () => {
  test('goes with and without a reason', () => {
    expect(serializeOptOut().toString()).toBe('<opt-out xmlns="urn:xmpp:omemo:2"/>');
    expect(serializeOptOut({ reason: undefined }).toString()).toBe('<opt-out xmlns="urn:xmpp:omemo:2"/>');
    expect(serializeOptOut({ reason: 'a < b' }).toString()).toBe(optOut('<reason>a &lt; b</reason>'));
    expect(parseOptOut(serializeOptOut())).toEqual({});
    expect(parseOptOut(serializeOptOut({ reason: 'a < b' }))).toEqual({ reason: 'a < b' });
  });

  test.each([
    ['an empty reason', optOut('<reason/>'), { reason: '' }],
    ['other elements', optOut('<x/>text<reason xmlns="urn:x">no</reason>'), {}],
    ['lines', optOut('\n<reason>\n a\n b\n</reason>\n'), { reason: '\n a\n b\n' }],
  ])('reads %s', (_, xml, wanted) => {
    expect(parseOptOut(parseXml(xml))).toEqual(wanted);
  });

  test.each([
    ['another element', '<opt-in xmlns="urn:xmpp:omemo:2"/>', 'unexpected-element'],
    ['another namespace', '<opt-out xmlns="urn:xmpp:omemo:1"/>', 'unexpected-element'],
    ['two reasons', optOut('<reason/><reason/>'), 'repeated-element'],
    ['an element in the reason', optOut('<reason>a<b/></reason>'), 'unexpected-element'],
  ])('refuses %s', (_, xml, code) => {
    expect(codeOf(() => parseOptOut(parseXml(xml)))).toBe(code);
  });

  test('refuses to write what XML cannot carry', () => {
    expect(codeOf(() => serializeOptOut({ reason: '\0' }))).toBe('invalid-character');
  });
});
