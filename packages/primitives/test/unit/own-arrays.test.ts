import { describe, expect, test } from 'vitest';
import { providers } from '../support/providers.ts';

const message = Uint8Array.of(1, 2, 3);
const nonce = () => new Uint8Array(64).fill(5);

describe.each(providers)('the arrays of a key pair that was written into ($name)', ({ primitives }) => {
  test('do not change what is signed: one nonce under two public keys would give the scalar away', () => {
    const identityKeyPair = primitives.identityKeyPairFromScalar(new Uint8Array(32).fill(0x42));
    const before = primitives.sign({ identityKeyPair, message, nonce });
    identityKeyPair.publicKey.fill(0);
    expect(primitives.sign({ identityKeyPair, message, nonce })).toEqual(before);
  });

  test('are not taken for the other form of the identity key', () => {
    const { publicKey, x25519 } = primitives.identityKeyPairFromSeed(new Uint8Array(32).fill(0x42));
    const u = Uint8Array.from(x25519.publicKey);
    x25519.publicKey.fill(0);
    expect(primitives.ed25519ToX25519(publicKey)).toEqual(u);
  });
});
