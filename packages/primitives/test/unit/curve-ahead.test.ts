import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { aheadWith, counting, engines, webCryptoEngine } from '../support/ahead.ts';
import { codeOf } from '../support/errors.ts';
import { lowOrderU, smallOrderPoints } from '../support/points.ts';
import { noble } from '../support/providers.ts';

const alice = noble.identityKeyPairFromSeed(new Uint8Array(32).fill(1));
const own = new Secret(new Uint8Array(32).fill(2));
const other = noble.x25519KeyPair(new Uint8Array(32).fill(3)).publicKey;
const message = Uint8Array.of(1, 2, 3);
const signature = noble.sign({ identityKeyPair: alice, message, nonce: () => expect.fail() });
const { publicKey } = alice;
/** The same bytes, in an array that nobody has seen. */
const fresh = () => new Uint8Array(publicKey);

describe.each(engines)('computed ahead by $name', ({ engine }) => {
  test('is found by the step, once: then it is computed there', async () => {
    const { below, asked } = counting();
    const ahead = aheadWith(engine, below);
    await Promise.all([
      ahead.keyPair(own),
      ahead.agreement(own, other),
      ahead.identityKey(fresh()),
      ahead.signature({ publicKey: fresh(), message, signature }),
    ]);
    const { curve } = ahead;
    const found = () => {
      // From the bytes, as after a draw, and not from the object.
      const pair = curve.x25519KeyPair(own.expose());
      expect(pair.publicKey).toEqual(noble.x25519KeyPair(own).publicKey);
      expect(curve.x25519(pair.privateKey, other).equals(noble.x25519(own, other))).toBe(true);
      const identityKey = curve.importEd25519PublicKey(fresh());
      expect(identityKey).toEqual(publicKey);
      expect(curve.verify({ publicKey: identityKey, message, signature })).toBe(true);
    };
    const before = asked.length;
    found();
    expect(asked.slice(before)).toEqual([]);
    found();
    expect(asked.slice(before)).toEqual(['x25519PublicKey', 'x25519', 'isPrimeOrder', 'ed25519Verify']);
  });

  test('answers its own question only', async () => {
    const ahead = aheadWith(engine);
    await ahead.agreement(own, other);
    await ahead.signature({ publicKey: fresh(), message, signature });
    const another = new Secret(new Uint8Array(32).fill(9));
    expect(ahead.curve.x25519(another, other).equals(noble.x25519(another, other))).toBe(true);
    expect(ahead.curve.verify({ publicKey, message: Uint8Array.of(1, 2), signature })).toBe(false);
    const bob = noble.identityKeyPairFromSeed(another.expose());
    expect(ahead.curve.verify({ publicKey: bob.publicKey, message, signature })).toBe(false);
  });

  test.each(lowOrderU)('a key of low order is refused by the step, with its error: %s', async (u) => {
    const ahead = aheadWith(engine);
    await ahead.agreement(own, u);
    expect(codeOf(() => ahead.curve.x25519(own, u))).toBe('zero-shared-secret');
  });

  test.each(smallOrderPoints)(
    'an identity key of small order is refused by the step, with its error: %s',
    async (bytes) => {
      const ahead = aheadWith(engine);
      await ahead.identityKey(bytes);
      expect(codeOf(() => ahead.curve.importEd25519PublicKey(bytes))).toBe('small-order-key');
    },
  );

  test('what is no key keeps nothing from beginning, and is refused by the step', async () => {
    const ahead = aheadWith(engine);
    for (const length of [0, 31, 33, 64]) {
      const bytes = new Uint8Array(length).fill(7);
      await ahead.identityKey(bytes);
      await ahead.agreement(own, bytes);
      await ahead.signature({ publicKey: bytes, message, signature: bytes });
      expect(codeOf(() => ahead.curve.importEd25519PublicKey(bytes))).toBe('invalid-length');
      expect(codeOf(() => ahead.curve.x25519(own, bytes))).toBe('invalid-length');
      expect(ahead.curve.verify({ publicKey, message, signature: bytes })).toBe(false);
    }
  });
});

test('an engine without Ed25519 leaves signatures to the step', async () => {
  const { below, asked } = counting();
  const ahead = aheadWith(
    { ...webCryptoEngine, ed25519Verify: () => Promise.reject(new Error('no such algorithm')) },
    below,
  );
  await ahead.signature({ publicKey, message, signature });
  expect(asked).toEqual([]);
  expect(ahead.curve.verify({ publicKey, message, signature })).toBe(true);
  expect(asked).toEqual(['ed25519Verify']);
});

test('bytes that change while it is computed are not what was computed', async () => {
  const changing = new Uint8Array(message);
  const signed = aheadWith({
    ...webCryptoEngine,
    async ed25519Verify(input) {
      const result = await webCryptoEngine.ed25519Verify(input);
      changing[0] = 0xff;
      return result;
    },
  });
  await signed.signature({ publicKey: fresh(), message: changing, signature });
  expect(signed.curve.verify({ publicKey, message: changing, signature })).toBe(false);

  const otherKey = new Uint8Array(other);
  const agreed = aheadWith({
    ...webCryptoEngine,
    async x25519(privateKey, bytes) {
      const result = await webCryptoEngine.x25519(privateKey, bytes);
      otherKey.set(own.expose());
      return result;
    },
  });
  await agreed.agreement(own, otherKey);
  expect(agreed.curve.x25519(own, otherKey).equals(noble.x25519(own, otherKey))).toBe(true);

  const identity = fresh();
  const imported = aheadWith({
    ...webCryptoEngine,
    async isPrimeOrder(bytes, u) {
      const result = await webCryptoEngine.isPrimeOrder(bytes, u);
      // The point (0, 1): of order 1.
      identity.fill(0)[0] = 1;
      return result;
    },
  });
  await imported.identityKey(identity);
  expect(codeOf(() => imported.curve.importEd25519PublicKey(identity))).toBe('small-order-key');
});
