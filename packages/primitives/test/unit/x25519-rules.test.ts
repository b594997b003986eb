import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { codeOf } from '../support/errors.ts';
import { littleEndian } from '../support/hex.ts';
import { lowOrderU, P } from '../support/points.ts';
import { providers } from '../support/providers.ts';

describe.each(providers)('X25519 ($name)', ({ primitives }) => {
  const { privateKey, publicKey } = primitives.x25519KeyPair(new Uint8Array(32).fill(0x17));

  test('S01: every point of low order is refused, the high bit set or not', () => {
    expect(lowOrderU).toHaveLength(7);
    for (const u of lowOrderU) {
      const high = new Uint8Array(u);
      high[31] = (high[31] as number) | 0x80;
      expect(codeOf(() => primitives.x25519(privateKey, u))).toBe('zero-shared-secret');
      expect(codeOf(() => primitives.x25519(privateKey, high))).toBe('zero-shared-secret');
    }
  });

  test('S05: one encoding of a key is imported; raw X25519 takes them all, as RFC 7748 demands', () => {
    const high = new Uint8Array(publicKey);
    high[31] = (high[31] as number) | 0x80;
    expect(codeOf(() => primitives.importX25519PublicKey(high))).toBe('non-canonical-key');
    expect(primitives.x25519(privateKey, high).equals(primitives.x25519(privateKey, publicKey))).toBe(true);

    const unreduced = littleEndian(P + 9n);
    expect(codeOf(() => primitives.importX25519PublicKey(unreduced))).toBe('non-canonical-key');
    expect(primitives.x25519(privateKey, unreduced).equals(primitives.x25519(privateKey, littleEndian(9n)))).toBe(true);
  });

  test.each([
    [P - 2n, 'returned'],
    [P - 1n, 'small-order-key'],
    [P, 'non-canonical-key'],
    [P + 1n, 'non-canonical-key'],
    [(1n << 255n) - 1n, 'non-canonical-key'],
    [1n << 255n, 'non-canonical-key'],
    [0n, 'small-order-key'],
    [1n, 'small-order-key'],
  ])('import of u = %s: %s', (u, code) => {
    expect(codeOf(() => primitives.importX25519PublicKey(littleEndian(u)))).toBe(code);
  });

  test('a key pair keeps the private bytes as they were given, and agrees like the clamped ones', () => {
    const bytes = new Uint8Array(32).fill(0xff);
    const clamped = new Uint8Array(bytes).fill(0xf8, 0, 1).fill(0x7f, 31);
    const pair = primitives.x25519KeyPair(bytes);
    expect(pair.privateKey.expose()).toEqual(bytes);
    expect(pair.publicKey).toEqual(primitives.x25519KeyPair(clamped).publicKey);
    expect(
      primitives.x25519(pair.privateKey, publicKey).equals(primitives.x25519(new Secret(clamped), publicKey)),
    ).toBe(true);
  });

  test('a Secret given is the Secret kept', () => {
    expect(primitives.x25519KeyPair(privateKey).privateKey).toBe(privateKey);
  });

  test('imported keys are copied, and plain', () => {
    const buffer = Buffer.from(publicKey);
    const key = primitives.importX25519PublicKey(buffer);
    buffer.fill(0);
    expect(key).toEqual(publicKey);
    expect(Object.getPrototypeOf(key)).toBe(Uint8Array.prototype);
  });

  test('a public key that is overwritten is another key', () => {
    const key = primitives.importX25519PublicKey(publicKey);
    const before = primitives.x25519(privateKey, key);
    const other = primitives.x25519KeyPair(new Uint8Array(32).fill(0x18)).publicKey;
    key.set(other);
    expect(primitives.x25519(privateKey, key).equals(before)).toBe(false);
    expect(primitives.x25519(privateKey, key).equals(primitives.x25519(privateKey, other))).toBe(true);
  });
});
