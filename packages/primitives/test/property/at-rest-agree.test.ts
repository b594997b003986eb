import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { xchacha20Poly1305Open, xchacha20Poly1305Seal } from '../../src/xchacha20-poly1305.ts';
import { nativeArgon2id, nobleArgon2id } from '../support/argon2id-providers.ts';
import { toHex } from '../support/hex.ts';
import { sealWithOpenssl } from '../support/openssl-xchacha.ts';

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });

test('XChaCha20-Poly1305 agrees with OpenSSL under HChaCha20', () => {
  const input = fc.record({
    key: bytes(32, 32),
    nonce: bytes(24, 24),
    plaintext: bytes(0, 300),
    associatedData: bytes(0, 70),
  });
  fc.assert(
    fc.property(input, (options) => {
      const ciphertext = xchacha20Poly1305Seal(options);
      expect(toHex(ciphertext)).toBe(toHex(sealWithOpenssl(options)));
      expect(xchacha20Poly1305Open({ ...options, ciphertext })).toEqual(options.plaintext);
    }),
    { numRuns: 200 },
  );
});

describe.skipIf(nativeArgon2id === undefined)('Argon2id of node:crypto (Node 24.7 or newer)', () => {
  test('agrees with noble', async () => {
    const input = fc
      .record({
        passphrase: fc.oneof(bytes(0, 80), fc.string({ unit: 'grapheme' })),
        salt: bytes(8, 40),
        parallelism: fc.integer({ min: 1, max: 4 }),
        memory: fc.integer({ min: 0, max: 200 }),
        iterations: fc.integer({ min: 1, max: 3 }),
        length: fc.integer({ min: 4, max: 130 }),
        secret: bytes(0, 40),
        associatedData: bytes(0, 40),
      })
      .map(({ memory, ...rest }) => ({ ...rest, memoryKiB: 8 * rest.parallelism + memory }));
    await fc.assert(
      fc.asyncProperty(input, async (options) => {
        expect(toHex(await nativeArgon2id!(options))).toBe(toHex(await nobleArgon2id(options)));
      }),
      { numRuns: 100 },
    );
  });
});
