import { type Ed25519PublicKey, PrimitivesError } from '@omemo-kit/primitives';
import { expect, test } from 'vitest';
import { type Bundle, initiate, type PreKey, type VerifiedBundle, verifyBundle } from '../../src/index.ts';
import { littleEndian, P } from '../curve25519.ts';
import { alice, bob, codeOf, errorOf, info } from '../people.ts';

const { bundle } = bob;

function withPreKeys(preKeys: readonly PreKey[]): Bundle {
  return { ...bundle, preKeys };
}

test('an honest bundle comes out copied, with the same values', () => {
  const source = structuredClone({ ...bundle });
  const verified = verifyBundle(source);
  expect(verified.identityKey).toEqual(bundle.identityKey);
  expect(verified.signedPreKey).toEqual({ id: 7, publicKey: bundle.signedPreKey.publicKey });
  expect(verified.preKeys).toEqual(bundle.preKeys);
  for (const bytes of [source.identityKey, source.signedPreKey.publicKey, source.preKeys[0]!.publicKey]) bytes.fill(1);
  expect(verified.identityKey).toEqual(bundle.identityKey);
  expect(verified.signedPreKey.publicKey).toEqual(bundle.signedPreKey.publicKey);
  expect(verified.preKeys[0]!.publicKey).toEqual(bundle.preKeys[0]!.publicKey);
});

test('a known identity key is taken over when the bytes are equal, and no error when they differ', () => {
  const known = bob.identityKeyPair.publicKey;
  expect(verifyBundle({ ...bundle, identityKey: known.slice() }, known).identityKey).toBe(known);
  expect(verifyBundle(bundle, alice.identityKeyPair.publicKey).identityKey).toEqual(bundle.identityKey);
});

test('a known identity key does not stand in for the signature check', () => {
  const signature = bundle.signedPreKey.signature.map((byte) => byte ^ 1);
  const forged = { ...bundle, signedPreKey: { ...bundle.signedPreKey, signature } };
  expect(codeOf(() => verifyBundle(forged, bob.identityKeyPair.publicKey))).toBe('invalid-signature');
});

test('a bundle without pre-keys is refused: there is no agreement with three Diffie-Hellmans', () => {
  expect(codeOf(() => verifyBundle(withPreKeys([])))).toBe('no-pre-keys');
});

test('two pre-keys of one id are refused, 0 included', () => {
  const [one, other] = bundle.preKeys as [PreKey, PreKey];
  expect(codeOf(() => verifyBundle(withPreKeys([one, other, one])))).toBe('duplicate-pre-key-id');
  const zero = withPreKeys([
    { ...one, id: 0 },
    { ...other, id: 0 },
  ]);
  expect(errorOf(() => verifyBundle(zero)).details).toEqual({ id: 0 });
});

test.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])('the id %d is a value like any other', (id) => {
  const [one] = bundle.preKeys as [PreKey];
  const verified = verifyBundle({
    ...withPreKeys([{ ...one, id }]),
    signedPreKey: { ...bundle.signedPreKey, id },
  });
  const { header } = initiate({ identityKeyPair: alice.identityKeyPair, bundle: verified, info });
  expect(header).toMatchObject({ preKeyId: id, signedPreKeyId: id });
});

test('a key has 32 bytes, a signature 64, and nothing is cut or padded', () => {
  const [one] = bundle.preKeys as [PreKey];
  for (let length = 0; length <= 66; length += 1) {
    const resized = (bytes: Uint8Array) => {
      const sized = new Uint8Array(length);
      sized.set(bytes.subarray(0, length));
      return sized;
    };
    if (length !== 32) {
      expect(codeOf(() => verifyBundle({ ...bundle, identityKey: resized(bundle.identityKey) }))).toBe(
        'invalid-identity-key',
      );
      expect(
        codeOf(() =>
          verifyBundle({
            ...bundle,
            signedPreKey: { ...bundle.signedPreKey, publicKey: resized(bundle.signedPreKey.publicKey) },
          }),
        ),
      ).toBe('invalid-signed-pre-key');
      expect(codeOf(() => verifyBundle(withPreKeys([{ ...one, publicKey: resized(one.publicKey) }])))).toBe(
        'invalid-pre-key',
      );
    }
    if (length !== 64) {
      const signature = resized(bundle.signedPreKey.signature);
      expect(codeOf(() => verifyBundle({ ...bundle, signedPreKey: { ...bundle.signedPreKey, signature } }))).toBe(
        'invalid-signature',
      );
    }
  }
});

test('a second encoding of a pre-key (u + p, or the high bit set) is refused', () => {
  const [one] = bundle.preKeys as [PreKey];
  const highBit = one.publicKey.slice();
  highBit[31] = (highBit[31] ?? 0) | 0x80;
  for (const publicKey of [highBit, littleEndian(P + 9n)]) {
    const error = errorOf(() => verifyBundle(withPreKeys([{ ...one, publicKey }])));
    expect(error.code).toBe('invalid-pre-key');
    expect(error.cause).toBeInstanceOf(PrimitivesError);
  }
});

test('what is no bytes ends in an X3dhError, not in a TypeError', () => {
  const nothing = undefined as unknown as Uint8Array;
  const known: Ed25519PublicKey = bob.identityKeyPair.publicKey;
  expect(codeOf(() => verifyBundle({ ...bundle, identityKey: nothing }))).toBe('invalid-identity-key');
  expect(codeOf(() => verifyBundle({ ...bundle, identityKey: nothing }, known))).toBe('invalid-identity-key');
  expect(codeOf(() => verifyBundle({ ...bundle, signedPreKey: { ...bundle.signedPreKey, signature: nothing } }))).toBe(
    'invalid-signature',
  );
});

test('initiate takes nothing that verifyBundle did not make', () => {
  const lookAlike = { ...bundle } as unknown as VerifiedBundle;
  expect(codeOf(() => initiate({ identityKeyPair: alice.identityKeyPair, bundle: lookAlike, info }))).toBe(
    'unverified-bundle',
  );
});
