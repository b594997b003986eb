import { expect, test } from 'vitest';
import { accept, importKeyExchangeHeader, initiate, verifyBundle, X3dhError } from '../../src/index.ts';
import { alice, bob, codeOf, info } from '../people.ts';

const { bundle } = bob;

function* singleBitFlips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield flipped;
  }
}

function codes(steps: Iterable<() => unknown>): Set<string> {
  return new Set(Array.from(steps, codeOf));
}

test('no bit of the signed pre-key can change', () => {
  const steps = Array.from(singleBitFlips(bundle.signedPreKey.publicKey), (publicKey) => () => {
    verifyBundle({ ...bundle, signedPreKey: { ...bundle.signedPreKey, publicKey } });
  });
  expect(steps).toHaveLength(256);
  expect(codes(steps)).toEqual(new Set(['invalid-signature', 'invalid-signed-pre-key']));
});

test('no bit of its signature can change', () => {
  const steps = Array.from(singleBitFlips(bundle.signedPreKey.signature), (signature) => () => {
    verifyBundle({ ...bundle, signedPreKey: { ...bundle.signedPreKey, signature } });
  });
  expect(steps).toHaveLength(512);
  expect(codes(steps)).toEqual(new Set(['invalid-signature']));
});

test('no bit of the identity key can change, with and without a known one', () => {
  const flips = [...singleBitFlips(bundle.identityKey)];
  const steps = flips.map((identityKey) => () => verifyBundle({ ...bundle, identityKey }));
  const knowing = flips.map(
    (identityKey) => () => verifyBundle({ ...bundle, identityKey }, bob.identityKeyPair.publicKey),
  );
  expect(steps).toHaveLength(256);
  expect(codes([...steps, ...knowing])).toEqual(new Set(['invalid-identity-key', 'invalid-signature']));
});

test('a changed bit of a key exchange gives an error or another secret and associated data, never the same', () => {
  const { header, sharedSecret, associatedData } = initiate({
    identityKeyPair: alice.identityKeyPair,
    bundle: verifyBundle(bundle),
    info,
  });
  const preKey = bob.preKeys.find(({ id }) => id === header.preKeyId)!;
  const outcome = (changed: Partial<typeof header>) =>
    accept({
      identityKeyPair: bob.identityKeyPair,
      signedPreKey: bob.signedPreKey,
      preKey,
      header: importKeyExchangeHeader({ ...header, ...changed }),
      info,
    });
  expect(outcome({}).sharedSecret.equals(sharedSecret)).toBe(true);
  let changes = 0;
  for (const field of ['identityKey', 'ephemeralKey'] as const) {
    for (const bytes of singleBitFlips(header[field])) {
      try {
        const acceptance = outcome({ [field]: bytes });
        const same =
          acceptance.sharedSecret.equals(sharedSecret) &&
          acceptance.associatedData.every((byte, index) => byte === associatedData[index]);
        expect(same).toBe(false);
        changes += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(X3dhError);
      }
    }
  }
  expect(changes).toBeGreaterThan(256);
});
