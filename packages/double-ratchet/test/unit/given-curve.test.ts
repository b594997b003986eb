import { PrimitivesError, Secret, x25519, x25519KeyPair } from '@omemo-kit/primitives';
import { expect, test } from 'vitest';
import { initiatorState } from '../../src/index.ts';
import { plainState } from '../plain-state.ts';

const options = {
  sharedSecret: new Secret(new Uint8Array(32).fill(1)),
  otherRatchetKey: x25519KeyPair(new Uint8Array(32).fill(2)).publicKey,
  parameters: { rootKeyInfo: new TextEncoder().encode('test'), maxSkip: 10, maxStoredSkipped: 10 },
  randomness: { ratchetKey: () => new Uint8Array(32).fill(3) },
};

test('a curve that is given computes the first turn, with the same result', () => {
  const asked: string[] = [];
  const curve = {
    x25519: (...keys: Parameters<typeof x25519>) => {
      asked.push('x25519');
      return x25519(...keys);
    },
    x25519KeyPair: (key: Uint8Array | Secret) => {
      asked.push('key pair');
      return x25519KeyPair(key);
    },
  };
  expect(plainState(initiatorState({ ...options, curve }))).toEqual(plainState(initiatorState(options)));
  expect(asked).toEqual(['key pair', 'x25519']);
});

test('what it refuses is a ratchet key at fault', () => {
  const refuse = () => {
    throw new PrimitivesError('zero-shared-secret', 'refused');
  };
  const state = () => initiatorState({ ...options, curve: { x25519: refuse, x25519KeyPair } });
  expect(state).toThrow(expect.objectContaining({ code: 'invalid-ratchet-key' }));
});
