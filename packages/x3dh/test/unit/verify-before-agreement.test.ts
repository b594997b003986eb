import { afterEach, expect, test, vi } from 'vitest';

const agreements = vi.hoisted(() => ({ count: 0 }));

vi.mock('@omemo-kit/primitives', async (importOriginal) => {
  const original = await importOriginal<typeof import('@omemo-kit/primitives')>();
  const x25519: typeof original.x25519 = (privateKey, publicKey) => {
    agreements.count += 1;
    return original.x25519(privateKey, publicKey);
  };
  return { ...original, x25519 };
});

const { initiate, verifyBundle } = await import('../../src/index.ts');
const { alice, bob, codeOf, info } = await import('../people.ts');

afterEach(() => {
  agreements.count = 0;
});

test('an honest bundle costs four Diffie-Hellmans, all of them after the verification', () => {
  const bundle = verifyBundle(bob.bundle);
  expect(agreements.count).toBe(0);
  initiate({ identityKeyPair: alice.identityKeyPair, bundle, info });
  expect(agreements.count).toBe(4);
});

test('a bundle with a bad signature never reaches a Diffie-Hellman', () => {
  const signature = new Uint8Array(64);
  const forged = { ...bob.bundle, signedPreKey: { ...bob.bundle.signedPreKey, signature } };
  const begin = () => initiate({ identityKeyPair: alice.identityKeyPair, bundle: verifyBundle(forged), info });
  expect(codeOf(begin)).toBe('invalid-signature');
  expect(agreements.count).toBe(0);
});
