import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPrimitives } from '../../src/create-primitives.ts';
import { nobleProvider } from '../../src/noble-provider.ts';
import { codeOf } from '../support/errors.ts';
import { bytes32 } from '../support/points.ts';
import { providers } from '../support/providers.ts';

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe.each(providers)('laws ($name)', ({ primitives }) => {
  test('both sides of X25519 get the same secret, converted identities included', () => {
    fc.assert(
      fc.property(bytes32, bytes32, (a, b) => {
        const alice = primitives.identityKeyPairFromSeed(a);
        const bob = primitives.x25519KeyPair(b);
        const toAlice = primitives.ed25519ToX25519(primitives.importEd25519PublicKey(alice.publicKey));
        expect(toAlice).toEqual(alice.x25519.publicKey);
        expect(primitives.x25519(bob.privateKey, toAlice).expose()).toEqual(
          primitives.x25519(alice.x25519.privateKey, bob.publicKey).expose(),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('a seed and the scalar made of it are one identity', () => {
    fc.assert(
      fc.property(bytes32, (seed) => {
        const bySeed = primitives.identityKeyPairFromSeed(seed);
        const byScalar = primitives.identityKeyPairFromScalar(bySeed.x25519.privateKey);
        expect(byScalar.publicKey).toEqual(bySeed.publicKey);
        expect(byScalar.x25519.publicKey).toEqual(bySeed.x25519.publicKey);
      }),
      { numRuns: 20 },
    );
  });

  test('what was encrypted decrypts, padded to 1 to 16 bytes more', () => {
    fc.assert(
      fc.property(bytes32, bytes16, fc.uint8Array({ maxLength: 1200 }), (key, iv, plaintext) => {
        const ciphertext = primitives.aes256CbcEncrypt({ key, iv, plaintext });
        expect(ciphertext).toHaveLength(16 * (Math.floor(plaintext.length / 16) + 1));
        expect(primitives.aes256CbcDecrypt({ key, iv, ciphertext })).toEqual(plaintext);
      }),
    );
  });

  test('padding is right exactly when the last n bytes are n, 1 to 16', () => {
    const lastBlock = fc
      .record({ block: bytes16, claimed: fc.nat(20), honest: fc.nat(20) })
      .map(({ block, claimed, honest }) => block.fill(claimed, 16 - Math.min(honest, 16)).fill(claimed, 15));
    fc.assert(
      fc.property(bytes32, bytes16, lastBlock, (key, iv, block) => {
        const n = block[15] as number;
        const right = n >= 1 && n <= 16 && block.subarray(16 - n).every((byte) => byte === n);
        const ciphertext = nobleProvider.encryptBlocks({ key, iv, blocks: block });
        expect(codeOf(() => primitives.aes256CbcDecrypt({ key, iv, ciphertext }))).toBe(
          right ? 'returned' : 'invalid-padding',
        );
      }),
      { numRuns: 500 },
    );
  });

  test('constantTimeEqual is equality', () => {
    const near = fc.uint8Array({ maxLength: 3, max: 1 });
    fc.assert(
      fc.property(near, near, (a, b) => {
        expect(primitives.constantTimeEqual(a, b)).toBe(a.join() === b.join());
      }),
      { numRuns: 500 },
    );
  });
});

test('a provider that leaves an all-zero secret standing is not believed', () => {
  const careless = createPrimitives({ ...nobleProvider, x25519: () => new Uint8Array(32) });
  const { privateKey, publicKey } = careless.x25519KeyPair(new Uint8Array(32).fill(1));
  expect(codeOf(() => careless.x25519(privateKey, publicKey))).toBe('zero-shared-secret');
});
