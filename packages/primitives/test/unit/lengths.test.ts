import { describe, expect, test } from 'vitest';
import type { Ed25519PublicKey, X25519PublicKey } from '../../src/keys.ts';
import { Secret } from '../../src/secret.ts';
import { codeOf } from '../support/errors.ts';
import { providers } from '../support/providers.ts';

/** S10: exact lengths, for every field; the 33-byte form with 0x05 of other protocols is among them. */
const lengths = Array.from({ length: 67 }, (_, length) => length);

describe.each(providers)('lengths 0 to 66 ($name)', ({ primitives }) => {
  const key = new Uint8Array(32).fill(9);
  const iv = new Uint8Array(16);
  const secret = new Secret(key);
  const scalar = primitives.identityKeyPairFromScalar(key);
  const seed = primitives.identityKeyPairFromSeed(key);
  const fields: Record<string, { readonly right: number; readonly call: (bytes: Uint8Array) => unknown }> = {
    recallEd25519PublicKey: { right: 32, call: primitives.recallEd25519PublicKey },
    importX25519PublicKey: { right: 32, call: primitives.importX25519PublicKey },
    x25519KeyPair: { right: 32, call: primitives.x25519KeyPair },
    'x25519 public key': { right: 32, call: (bytes) => primitives.x25519(secret, bytes) },
    identityKeyPairFromSeed: { right: 32, call: primitives.identityKeyPairFromSeed },
    identityKeyPairFromScalar: { right: 32, call: primitives.identityKeyPairFromScalar },
    'sign nonce': {
      right: 64,
      call: (nonce) => primitives.sign({ identityKeyPair: scalar, message: key, nonce: () => nonce }),
    },
    ed25519ToX25519: { right: 32, call: (bytes) => primitives.ed25519ToX25519(bytes as Ed25519PublicKey) },
    'encryption key': { right: 32, call: (bytes) => primitives.aes256CbcEncrypt({ key: bytes, iv, plaintext: key }) },
    'encryption iv': { right: 16, call: (bytes) => primitives.aes256CbcEncrypt({ key, iv: bytes, plaintext: key }) },
  };

  test.each(Object.entries(fields))('%s', (_, { right, call }) => {
    for (const length of lengths) {
      expect([length, codeOf(() => call(new Uint8Array(length).fill(9)))]).toEqual([
        length,
        length === right ? 'returned' : 'invalid-length',
      ]);
    }
  });

  test('importEd25519PublicKey, x25519ToEd25519', () => {
    for (const length of lengths.filter((l) => l !== 32)) {
      const bytes = new Uint8Array(length).fill(9);
      expect(codeOf(() => primitives.importEd25519PublicKey(bytes))).toBe('invalid-length');
      expect(codeOf(() => primitives.x25519ToEd25519(bytes as X25519PublicKey, 0))).toBe('invalid-length');
    }
    expect(codeOf(() => primitives.importEd25519PublicKey(seed.publicKey))).toBe('returned');
  });

  test('private keys of a Secret', () => {
    for (const length of lengths.filter((l) => l > 32)) {
      const long = new Secret(new Uint8Array(length).fill(9));
      expect(codeOf(() => primitives.x25519KeyPair(long))).toBe('invalid-length');
      expect(codeOf(() => primitives.x25519(long, seed.x25519.publicKey))).toBe('invalid-length');
      expect(codeOf(() => primitives.identityKeyPairFromSeed(long))).toBe('invalid-length');
      expect(codeOf(() => primitives.identityKeyPairFromScalar(long))).toBe('invalid-length');
    }
  });

  test('decryption: whole blocks, at least one, and one text for every failure (S36)', () => {
    const texts = new Set<string>();
    for (const length of lengths) {
      try {
        primitives.aes256CbcDecrypt({ key, iv, ciphertext: new Uint8Array(length) });
      } catch (error) {
        texts.add(String(error) + JSON.stringify(error));
      }
    }
    expect(texts.size).toBe(1);
    expect([...texts][0]).toContain('invalid-padding');
  });

  test('verify says no to signatures and keys of any other length, and to what is no bytes', () => {
    const message = new Uint8Array(3);
    const signature = primitives.sign({ identityKeyPair: seed, message, nonce: () => expect.fail() });
    const { publicKey } = seed;
    expect(primitives.verify({ publicKey, message, signature })).toBe(true);
    for (const length of lengths) {
      const bytes = new Uint8Array(length);
      bytes.set(signature.subarray(0, length));
      expect(primitives.verify({ publicKey, message, signature: bytes })).toBe(length === 64);
      expect(primitives.verify({ publicKey: bytes as Ed25519PublicKey, message, signature })).toBe(false);
    }
    for (const odd of [undefined, null, 'text', 64, new Uint16Array(32), [...signature], {}]) {
      expect(primitives.verify({ publicKey, message, signature: odd as never })).toBe(false);
      expect(primitives.verify({ publicKey: odd as never, message, signature })).toBe(false);
      expect(primitives.verify({ publicKey, message: odd as never, signature })).toBe(false);
    }
  });

  test('what is no bytes is an invalid argument everywhere else', () => {
    const odd = 'x'.repeat(32) as never;
    const calls: (() => unknown)[] = [
      () => primitives.importX25519PublicKey(odd),
      () => primitives.importEd25519PublicKey(odd),
      () => primitives.recallEd25519PublicKey(odd),
      () => primitives.x25519KeyPair(odd),
      () => primitives.x25519(odd, key),
      () => primitives.x25519(secret, odd),
      () => primitives.identityKeyPairFromSeed(odd),
      () => primitives.identityKeyPairFromScalar(odd),
      () => primitives.sign({ identityKeyPair: seed, message: odd, nonce: () => key }),
      () => primitives.sign({ identityKeyPair: scalar, message: key, nonce: () => odd }),
      () => primitives.sha256(odd),
      () => primitives.hmacSha256(odd, key),
      () => primitives.hmacSha256(key, odd),
      () => primitives.hkdfSha256({ inputKeyMaterial: odd, salt: key, info: key, length: 1 }),
      () => primitives.hkdfSha256({ inputKeyMaterial: key, salt: odd, info: key, length: 1 }),
      () => primitives.hkdfSha256({ inputKeyMaterial: key, salt: key, info: odd, length: 1 }),
      () => primitives.hkdfSha256Keys({ inputKeyMaterial: odd, salt: key, info: key, lengths: [1] }),
      () => primitives.aes256CbcEncrypt({ key, iv, plaintext: odd }),
      () => primitives.aes256CbcDecrypt({ key, iv, ciphertext: odd }),
      () => primitives.constantTimeEqual(odd, key),
      () => primitives.x25519ToEd25519(seed.x25519.publicKey, 2 as never),
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => 'invalid-argument'));
  });

  test('hkdfSha256 gives 1 to 8,160 bytes', () => {
    const input = { inputKeyMaterial: key, salt: key, info: key };
    for (const length of [0, -1, 8161, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => primitives.hkdfSha256({ ...input, length }))).toBe('invalid-argument');
    }
    expect(primitives.hkdfSha256({ ...input, length: 8160 })).toHaveLength(8160);
  });

  test('hkdfSha256Keys gives 1 to 8,160 bytes in all, and no empty key', () => {
    const input = { inputKeyMaterial: key, salt: key, info: key };
    for (const lengths of [[], [0], [32, 0], [8160, 1], [-1, 3], [1.5, 1.5], [Number.NaN]]) {
      expect(codeOf(() => primitives.hkdfSha256Keys({ ...input, lengths }))).toBe('invalid-argument');
    }
    expect(primitives.hkdfSha256Keys({ ...input, lengths: [8000, 160] }).map((made) => made.length)).toEqual([
      8000, 160,
    ]);
  });
});
