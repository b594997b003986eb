import { type IdentityKeyPair, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import {
  type Bundle,
  generatePreKeys,
  generateSignedPreKey,
  type PreKeyPair,
  type SignedPreKeyPair,
  X3dhError,
} from '../src/index.ts';

/** Somebody with an identity, a signed pre-key and some pre-keys. */
export interface Person {
  readonly identityKeyPair: IdentityKeyPair;
  readonly signedPreKey: SignedPreKeyPair;
  readonly preKeys: readonly PreKeyPair[];
  readonly bundle: Bundle;
}

export function createPerson(identityKeyPair: IdentityKeyPair, preKeyCount = 3): Person {
  const signedPreKey = generateSignedPreKey({ id: 7, identityKeyPair });
  const preKeys = generatePreKeys({ firstId: 100, count: preKeyCount });
  return { identityKeyPair, signedPreKey, preKeys, bundle: publish(identityKeyPair, signedPreKey, preKeys) };
}

export const alice: Person = createPerson(identityKeyPairFromSeed(new Uint8Array(32).fill(0xa1)));
export const bob: Person = createPerson(identityKeyPairFromSeed(new Uint8Array(32).fill(0xb0)));

export const info: Uint8Array = new TextEncoder().encode('x3dh tests');

/** The code of the X3dhError that the step throws; anything else fails the test. */
export function codeOf(step: () => unknown): string {
  return errorOf(step).code;
}

export function errorOf(step: () => unknown): X3dhError {
  try {
    step();
  } catch (error) {
    if (error instanceof X3dhError) return error;
    throw error;
  }
  throw new X3dhError('invalid-argument', { details: { argument: 'the step did not throw' } });
}

function publish(
  identityKeyPair: IdentityKeyPair,
  signedPreKey: SignedPreKeyPair,
  preKeys: readonly PreKeyPair[],
): Bundle {
  return {
    identityKey: identityKeyPair.publicKey,
    signedPreKey: {
      id: signedPreKey.id,
      publicKey: signedPreKey.keyPair.publicKey,
      signature: signedPreKey.signature,
    },
    preKeys: preKeys.map(({ id, keyPair }) => ({ id, publicKey: keyPair.publicKey })),
  };
}
