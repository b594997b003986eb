import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { xchacha20Poly1305Open, xchacha20Poly1305Seal } from '../../src/xchacha20-poly1305.ts';
import { argon2idProviders } from '../support/argon2id-providers.ts';
import { hex, toHex } from '../support/hex.ts';

interface Vectors {
  readonly xchacha20Poly1305: Readonly<Record<'plaintext' | 'aad' | 'key' | 'iv' | 'ciphertext' | 'tag', string>>;
  readonly rfc9106: Readonly<Record<'passphrase' | 'salt' | 'secret' | 'associatedData' | 'tag', string>> &
    Readonly<Record<'memoryKiB' | 'iterations' | 'parallelism', number>>;
  readonly reference: readonly (Readonly<Record<'passphrase' | 'salt' | 'tag', string>> &
    Readonly<Record<'iterations' | 'logMemory' | 'parallelism', number>>)[];
}

const vectors = JSON.parse(readFileSync(new URL('data/at-rest.json', import.meta.url), 'utf8')) as Vectors;

test('draft-irtf-cfrg-xchacha-03 A.3.1', () => {
  const { plaintext, aad, key, iv, ciphertext, tag } = vectors.xchacha20Poly1305;
  const common = { key: hex(key), nonce: hex(iv), associatedData: hex(aad) };
  expect(toHex(xchacha20Poly1305Seal({ ...common, plaintext: hex(plaintext) }))).toBe(ciphertext + tag);
  expect(toHex(xchacha20Poly1305Open({ ...common, ciphertext: hex(ciphertext + tag) }))).toBe(plaintext);
});

describe.each(argon2idProviders)('Argon2id ($name)', ({ argon2id }) => {
  test('RFC 9106 5.3', async () => {
    const { passphrase, salt, secret, associatedData, tag, ...costs } = vectors.rfc9106;
    const bytes = { passphrase: hex(passphrase), salt: hex(salt), secret: hex(secret) };
    const derived = await argon2id({ ...bytes, associatedData: hex(associatedData), ...costs, length: 32 });
    expect(toHex(derived)).toBe(tag);
  });

  test.each(vectors.reference)('reference implementation: $tag', async ({ passphrase, salt, tag, ...costs }) => {
    const derived = await argon2id({
      passphrase,
      salt: new TextEncoder().encode(salt),
      memoryKiB: 2 ** costs.logMemory,
      iterations: costs.iterations,
      parallelism: costs.parallelism,
      length: 32,
    });
    expect(toHex(derived)).toBe(tag);
  });
});
