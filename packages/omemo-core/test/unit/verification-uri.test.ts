import { bareJid } from '@omemo-kit/omemo-wire';
import { ed25519ToX25519 } from '@omemo-kit/primitives';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOmemoError } from '../../src/errors.ts';
import { colouredFingerprint } from '../../src/fingerprints/coloured-fingerprint.ts';
import { consistentColour } from '../../src/fingerprints/consistent-colour.ts';
import { readVerificationUri, writeVerificationUri } from '../../src/fingerprints/verification-uri.ts';
import { toHex } from '../../src/records/bytes.ts';
import { fingerprint } from '../../src/trust/fingerprint.ts';
import { identity, otherIdentity } from '../samples.ts';

const hex = 'ab'.repeat(32);
const bob = bareJid('bob@example.net');

describe('the URI that carries identity keys (R128, X42)', () => {
  test('is written with the digits that people compare, and read back', () => {
    const devices = [
      { deviceId: 7, identityKey: identity.publicKey },
      { deviceId: 2 ** 31 - 1, identityKey: otherIdentity.publicKey },
    ];
    const uri = writeVerificationUri(bob, devices);
    const [first, second] = devices.map(({ identityKey }) => fingerprint(identityKey).join(''));
    expect(uri).toBe(`xmpp:bob@example.net?omemo2-sid-7=${first};omemo2-sid-2147483647=${second}`);
    expect(readVerificationUri(uri)).toEqual({
      jid: bob,
      devices: devices.map(({ deviceId, identityKey }) => ({ deviceId, curve25519: ed25519ToX25519(identityKey) })),
    });
  });

  test.each(['what?now@example.net', 'käse#1@example.net', 'a%2f;b@example.net'])('escapes %s', (address) => {
    const jid = bareJid(address);
    const uri = writeVerificationUri(jid, [{ deviceId: 1, identityKey: identity.publicKey }]);
    expect(uri).toMatch(/^xmpp:[\w%.~!*()'@-]+\?omemo2-sid-1=[0-9a-f]{64}$/u);
    expect(readVerificationUri(uri).jid).toBe(jid);
  });

  test('may carry keys of other protocols, and be written in capitals', () => {
    const uri = `XMPP:Bob@Example.net?omemo-sid-9=${hex};omemo2-sid-1=${hex.toUpperCase()};otr-fingerprint=ab`;
    const { jid, devices } = readVerificationUri(uri);
    expect([jid, devices.map(({ deviceId, curve25519 }) => [deviceId, toHex(curve25519)])]).toEqual([bob, [[1, hex]]]);
  });

  test.each([
    ['', 'not-a-uri'],
    ['bob@example.net', 'not-a-uri'],
    [hex, 'not-a-uri'],
    [undefined as never, 'not-a-uri'],
    [`https://example.net?omemo2-sid-1=${hex}`, 'not-a-uri'],
    ['xmpp:', 'not-an-account'],
    [`xmpp://example.net/bob@example.net?omemo2-sid-1=${hex}`, 'not-an-account'],
    [`xmpp:bob@example.net/desk?omemo2-sid-1=${hex}`, 'not-an-account'],
    [`xmpp:bob@example.net%2Fdesk?omemo2-sid-1=${hex}`, 'not-an-account'],
    [`xmpp:bob@%?omemo2-sid-1=${hex}`, 'not-an-account'],
    [`xmpp:bob@example.net?omemo2-sid-1=${hex}#x`, 'not-an-account'],
    ['xmpp:bob@example.net', 'no-devices'],
    ['xmpp:bob@example.net?', 'no-devices'],
    ['xmpp:bob@example.net?message', 'no-devices'],
    [`xmpp:bob@example.net?omemo-sid-1=${hex}`, 'no-devices'],
    [`xmpp:bob@example.net?omemo2-sid-=${hex}`, 'device-id'],
    [`xmpp:bob@example.net?omemo2-sid-01=${hex}`, 'device-id'],
    [`xmpp:bob@example.net?omemo2-sid--1=${hex}`, 'device-id'],
    [`xmpp:bob@example.net?omemo2-sid-1e3=${hex}`, 'device-id'],
    [`xmpp:bob@example.net?omemo2-sid-4294967296=${hex}`, 'device-id'],
    ['xmpp:bob@example.net?omemo2-sid-1', 'fingerprint'],
    [`xmpp:bob@example.net?omemo2-sid-1=${hex}0`, 'fingerprint'],
    [`xmpp:bob@example.net?omemo2-sid-1=05${hex}`, 'fingerprint'],
    [`xmpp:bob@example.net?omemo2-sid-1=${hex.slice(2)}zz`, 'fingerprint'],
    [`xmpp:bob@example.net?omemo2-sid-1=${hex};omemo2-sid-1=${hex}`, 'repeated'],
    [
      `xmpp:bob@example.net?${Array.from({ length: 129 }, (_, id) => `omemo2-sid-${id}=${hex}`).join(';')}`,
      'too-many-devices',
    ],
    [`xmpp:bob@example.net?x=${'y'.repeat(20_000)}`, 'too-long'],
  ])('%s is refused as %s', (uri, reason) => {
    expect(() => readVerificationUri(uri)).toThrow(
      expect.objectContaining({ code: 'unreadable-uri', details: { reason } }),
    );
  });

  test('whatever it is, nothing but that error is thrown', () => {
    const part = fc.constantFrom(
      'xmpp:',
      'bob@example.net',
      '?',
      ';',
      '=',
      'omemo2-sid-',
      '1',
      hex,
      '%',
      '#',
      'é',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }), (parts) => {
        try {
          readVerificationUri(parts.join(''));
        } catch (error) {
          if (!isOmemoError(error, 'unreadable-uri')) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('fingerprints', () => {
  test('have eight groups, each with the colour of its digits, in either form (R130)', () => {
    for (const form of ['curve25519', 'ed25519'] as const) {
      const groups = colouredFingerprint(identity.publicKey, { form });
      expect(groups.map(({ digits }) => digits)).toEqual(fingerprint(identity.publicKey, form));
      for (const { digits, colour } of groups) expect(colour).toEqual(consistentColour(digits));
    }
  });

  test('are those of the Curve25519 form by default, of the Ed25519 form on request (R129, X42)', () => {
    expect(fingerprint(identity.publicKey).join('')).toBe(toHex(ed25519ToX25519(identity.publicKey)));
    expect(fingerprint(identity.publicKey, 'ed25519').join('')).toBe(toHex(identity.publicKey));
  });
});
