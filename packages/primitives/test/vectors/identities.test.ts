import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';
import { vectorCases } from '../support/vector-file.ts';

const cases = vectorCases('identities');

describe.each(providers)('identities of python-omemo ($name)', ({ primitives }) => {
  test('there are 24, with both sign bits', () => {
    expect(cases).toHaveLength(24);
    expect(new Set(cases.map((c) => c.sign_bit))).toEqual(new Set([0, 1]));
  });

  test.each(cases)('seed $seed', (vector) => {
    const identity = primitives.identityKeyPairFromSeed(hex(vector.seed));
    expect(identity.form).toBe('seed');
    expect(toHex(identity.secret.expose())).toBe(vector.seed);
    expect(toHex(identity.publicKey)).toBe(vector.ed25519);
    expect(toHex(identity.x25519.privateKey.expose())).toBe(vector.scalar);
    expect(toHex(identity.x25519.publicKey)).toBe(vector.curve25519);
  });

  test.each(cases)('scalar $scalar', (vector) => {
    const identity = primitives.identityKeyPairFromScalar(hex(vector.scalar));
    expect(identity.form).toBe('scalar');
    expect(toHex(identity.secret.expose())).toBe(vector.scalar);
    expect(toHex(identity.publicKey)).toBe(vector.ed25519);
    expect(toHex(identity.x25519.publicKey)).toBe(vector.curve25519);
    expect((identity.publicKey[31] as number) >> 7).toBe(vector.sign_bit);
  });

  test.each(cases)('public keys of $ed25519 convert', (vector) => {
    const publicKey = primitives.importEd25519PublicKey(hex(vector.ed25519));
    const converted = primitives.ed25519ToX25519(publicKey);
    expect(toHex(converted)).toBe(vector.curve25519);
    expect(toHex(primitives.x25519ToEd25519(converted, 0))).toBe(vector.curve_to_ed_sign_0);
    expect(toHex(primitives.x25519ToEd25519(converted, 1))).toBe(vector.curve_to_ed_sign_1);
  });

  test('a scalar that is not clamped is clamped', () => {
    const scalar = new Uint8Array(32).fill(0xff);
    const identity = primitives.identityKeyPairFromScalar(scalar);
    expect(toHex(identity.secret.expose())).toBe(`f8${'ff'.repeat(30)}7f`);
    expect(scalar).toEqual(new Uint8Array(32).fill(0xff));
  });
});
