import { describe, expect, test } from 'vitest';
import { signLabel, verifyLabel } from '../../src/devices/labels.ts';
import { fingerprint } from '../../src/trust/fingerprint.ts';
import { identity, otherIdentity } from '../samples.ts';

const nonce = () => new Uint8Array(64);

describe('labels', () => {
  test('are signed and verified by the identity key, and by no other', () => {
    const signature = signLabel(identity, 'Büro', nonce);
    expect(verifyLabel(identity.publicKey, 'Büro', signature)).toBe(true);
    expect(verifyLabel(otherIdentity.publicKey, 'Büro', signature)).toBe(false);
    expect(verifyLabel(identity.publicKey, 'Buro', signature)).toBe(false);
  });

  test('of exactly 32 bytes are neither signed nor believed (S08)', () => {
    for (const label of ['x'.repeat(32), 'é'.repeat(16)]) {
      expect(() => signLabel(identity, label, nonce)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
      const signature = signLabel(identity, `${label}x`, nonce);
      expect(verifyLabel(identity.publicKey, label, signature)).toBe(false);
    }
    expect(signLabel(identity, 'x'.repeat(31), nonce)).toHaveLength(64);
    expect(signLabel(identity, 'x'.repeat(33), nonce)).toHaveLength(64);
  });

  test('of more than 53 code points are neither signed nor believed (R53)', () => {
    const fits = '🦆'.repeat(53);
    expect(verifyLabel(identity.publicKey, fits, signLabel(identity, fits, nonce))).toBe(true);
    expect(() => signLabel(identity, `${fits}x`, nonce)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  test.each([0, 1, 63, 65])('with a signature of %i bytes are not believed', (length) => {
    expect(verifyLabel(identity.publicKey, 'x', new Uint8Array(length))).toBe(false);
  });
});

test('a fingerprint is eight groups of eight lowercase hex digits, and hides the sign bit (S06)', () => {
  const groups = fingerprint(identity.publicKey);
  expect(groups).toHaveLength(8);
  for (const group of groups) expect(group).toMatch(/^[0-9a-f]{8}$/);
  const flipped = identity.publicKey.slice() as typeof identity.publicKey;
  flipped[31]! ^= 0x80;
  expect(fingerprint(flipped)).toEqual(groups);
});
