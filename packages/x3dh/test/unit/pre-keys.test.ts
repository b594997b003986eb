import { identityKeyPairFromScalar, verify } from '@omemo-kit/primitives';
import { expect, test } from 'vitest';
import { generatePreKeys, generateSignedPreKey, systemRandomness } from '../../src/index.ts';
import { hex } from '../hex.ts';
import { alice, codeOf, errorOf } from '../people.ts';

test('a signed pre-key carries a signature over its raw 32 bytes', () => {
  const { identityKeyPair } = alice;
  const { id, keyPair, signature } = generateSignedPreKey({ id: 4, identityKeyPair });
  expect(id).toBe(4);
  expect(signature).toHaveLength(64);
  expect(keyPair.publicKey).toHaveLength(32);
  expect(verify({ publicKey: identityKeyPair.publicKey, message: keyPair.publicKey, signature })).toBe(true);
  const prefixed = Uint8Array.of(5, ...keyPair.publicKey);
  expect(verify({ publicKey: identityKeyPair.publicKey, message: prefixed, signature })).toBe(false);
});

test('only an identity that is a scalar draws a signature nonce', () => {
  let draws = 0;
  const randomness = {
    ...systemRandomness,
    signatureNonce: () => {
      draws += 1;
      return systemRandomness.signatureNonce();
    },
  };
  generateSignedPreKey({ id: 1, identityKeyPair: alice.identityKeyPair, randomness });
  expect(draws).toBe(0);
  const identityKeyPair = identityKeyPairFromScalar(new Uint8Array(32).fill(9));
  generateSignedPreKey({ id: 1, identityKeyPair, randomness });
  expect(draws).toBe(1);
});

test('pre-keys are numbered on, from 0 if need be, and all different', () => {
  const preKeys = generatePreKeys({ firstId: 0, count: 5 });
  expect(preKeys.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(preKeys.map(({ keyPair }) => hex(keyPair.publicKey))).size).toBe(5);
  expect(new Set(preKeys.map(({ keyPair }) => hex(keyPair.privateKey.expose()))).size).toBe(5);
  expect(generatePreKeys({ firstId: 3, count: 0 })).toEqual([]);
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is neither an id nor a count', (value) => {
  const { identityKeyPair } = alice;
  expect(codeOf(() => generateSignedPreKey({ id: value, identityKeyPair }))).toBe('invalid-argument');
  expect(codeOf(() => generatePreKeys({ firstId: value, count: 1 }))).toBe('invalid-argument');
  expect(errorOf(() => generatePreKeys({ firstId: 1, count: value })).details).toEqual({ argument: 'count' });
});
