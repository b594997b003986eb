import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { codeOf } from '../support/errors.ts';
import { hex, toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';
import { vectorCases } from '../support/vector-file.ts';

const cases = vectorCases('points');
const edwards = cases.filter((c) => c.kind === 'ed25519');
const montgomery = cases.filter((c) => c.kind === 'x25519');

describe.each(providers)('points ($name)', ({ primitives }) => {
  test('there are 74 Ed25519 encodings and 36 u', () => {
    expect([edwards.length, montgomery.length]).toEqual([74, 36]);
  });

  test.each(edwards)('Ed25519: $what, $bytes', (point) => {
    if (point.expect === 'accept') {
      const publicKey = primitives.importEd25519PublicKey(hex(point.bytes));
      expect(toHex(primitives.ed25519ToX25519(publicKey))).toBe(point.to_curve25519);
    } else {
      expect(codeOf(() => primitives.importEd25519PublicKey(hex(point.bytes)))).toMatch(
        /^(non-canonical|small-order|mixed-order)-key$|^not-on-curve$/,
      );
    }
  });

  test.each(montgomery)('X25519: $what', (point) => {
    const agree = () => primitives.x25519(new Secret(hex(point.scalar)), hex(point.bytes));
    if (point.expect === 'refuse') {
      expect(codeOf(agree)).toBe('zero-shared-secret');
    } else {
      // Also where the answer is left open: raw X25519 follows RFC 7748, the import is what refuses.
      expect(toHex(agree().expose())).toBe(point.shared);
    }
  });

  test.each(montgomery)('import of $what', (point) => {
    const canonical = !/top bit 1/.test(point.what) && !/^(ed|ee|ef|f.)(ff){30}7f$/.test(point.bytes);
    expect(codeOf(() => primitives.importX25519PublicKey(hex(point.bytes)))).toBe(
      canonical ? (point.expect === 'refuse' ? 'small-order-key' : 'returned') : 'non-canonical-key',
    );
  });
});
