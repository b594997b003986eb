import {
  type Curve,
  importEd25519PublicKey,
  PrimitivesError,
  verify,
  x25519,
  x25519KeyPair,
} from '@omemo-kit/primitives';
import { expect, test } from 'vitest';
import { initiate, verifyBundle } from '../../src/index.ts';
import { alice, bob, codeOf, info } from '../people.ts';

/** Notes what it is asked for; does it, unless it is to refuse. */
function notedCurve(refuses?: (name: string, nth: number) => boolean): { curve: Curve; asked: string[] } {
  const asked: string[] = [];
  const noted =
    <Args extends readonly unknown[], Result>(name: string, operation: (...args: Args) => Result) =>
    (...args: Args): Result => {
      asked.push(name);
      const nth = asked.filter((one) => one === name).length;
      if (refuses?.(name, nth)) throw new PrimitivesError('zero-shared-secret', 'refused');
      return operation(...args);
    };
  const curve = {
    importEd25519PublicKey: noted('import', importEd25519PublicKey),
    verify: noted('verify', verify),
    x25519: noted('x25519', x25519),
    x25519KeyPair: noted('key pair', x25519KeyPair),
  };
  return { curve, asked };
}

const ephemeralKey = new Uint8Array(32).fill(5);
const randomness = { ephemeralKey: () => ephemeralKey, choosePreKey: <T>(keys: readonly T[]) => keys[0]! };

test('a curve that is given computes all that is costly, with the same results', () => {
  const { curve, asked } = notedCurve();
  const bundle = verifyBundle(bob.bundle, undefined, curve);
  expect(asked).toEqual(['import', 'verify']);
  expect(bundle).toEqual(verifyBundle(bob.bundle));
  const options = { identityKeyPair: alice.identityKeyPair, bundle, info, randomness };
  const given = initiate({ ...options, curve });
  expect(asked.slice(2)).toEqual(['key pair', 'x25519', 'x25519', 'x25519', 'x25519']);
  const own = initiate(options);
  expect(given.sharedSecret.equals(own.sharedSecret)).toBe(true);
  expect(given.header).toEqual(own.header);
});

test('an identity key that is known is not asked about', () => {
  const { curve, asked } = notedCurve();
  verifyBundle(bob.bundle, bob.identityKeyPair.publicKey, curve);
  expect(asked).toEqual(['verify']);
});

test.each([
  [1, 'invalid-signed-pre-key'],
  [2, 'invalid-identity-key'],
  [3, 'invalid-signed-pre-key'],
  [4, 'invalid-pre-key'],
])('what it refuses names the key at fault (agreement %i)', (refused, code) => {
  const { curve } = notedCurve((name, nth) => name === 'x25519' && nth === refused);
  const bundle = verifyBundle(bob.bundle);
  expect(codeOf(() => initiate({ identityKeyPair: alice.identityKeyPair, bundle, info, curve }))).toBe(code);
});
