import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { aheadWith, engines } from '../support/ahead.ts';
import { codeOf } from '../support/errors.ts';
import { oddExamples, oddSignature } from '../support/odd-signature.ts';
import { bytes32, edwardsPoint, lowOrderU, smallOrderPoints } from '../support/points.ts';
import { noble } from '../support/providers.ts';

const someU = fc.oneof(bytes32, fc.constantFrom(...lowOrderU));
const someY = fc.oneof(
  bytes32,
  edwardsPoint.map(({ bytes }) => bytes),
  fc.constantFrom(...smallOrderPoints),
);
const runs = { numRuns: 50 };

describe.each(engines)('what is computed ahead by $name makes no difference', ({ engine }) => {
  test('to X25519 with any 32 bytes', async () => {
    await fc.assert(
      fc.asyncProperty(bytes32, someU, async (bytes, u) => {
        const own = new Secret(bytes);
        const ahead = aheadWith(engine);
        await Promise.all([ahead.keyPair(own), ahead.agreement(own, u)]);
        expect(ahead.curve.x25519KeyPair(own).publicKey).toEqual(noble.x25519KeyPair(own).publicKey);
        const result = (curve: Pick<typeof noble, 'x25519'>) => {
          let shared: Uint8Array | undefined;
          const code = codeOf(() => {
            shared = curve.x25519(own, u).expose();
          });
          return { code, shared };
        };
        expect(result(ahead.curve)).toEqual(result(noble));
      }),
      runs,
    );
  });

  test('to which identity keys are imported', async () => {
    await fc.assert(
      fc.asyncProperty(someY, async (y) => {
        const ahead = aheadWith(engine);
        await ahead.identityKey(y);
        const code = codeOf(() => ahead.curve.importEd25519PublicKey(y));
        expect(code).toBe(codeOf(() => noble.importEd25519PublicKey(y)));
      }),
      runs,
    );
  });

  test('to verdicts on damaged signatures', async () => {
    const bit = fc.integer({ min: 0, max: 64 * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(bytes32, fc.uint8Array({ maxLength: 64 }), bit, async (seed, message, flipped) => {
        const identityKeyPair = noble.identityKeyPairFromSeed(seed);
        const { publicKey } = identityKeyPair;
        const signature = noble.sign({ identityKeyPair, message, nonce: () => expect.fail() });
        const damaged = new Uint8Array(signature);
        damaged[flipped >> 3] = (damaged[flipped >> 3] as number) ^ (1 << (flipped & 7));
        for (const candidate of [signature, damaged]) {
          const ahead = aheadWith(engine);
          await ahead.signature({ publicKey, message, signature: candidate });
          const input = { publicKey, message, signature: candidate };
          expect(ahead.curve.verify(input)).toBe(noble.verify(input));
        }
      }),
      runs,
    );
  });

  test('to verdicts on an R with torsion: the equation has the factor 8', async () => {
    await fc.assert(
      fc.asyncProperty(oddSignature, async ({ publicKey, ...signed }) => {
        const ahead = aheadWith(engine);
        await ahead.signature({ publicKey, ...signed });
        expect(ahead.curve.verify({ publicKey: ahead.curve.importEd25519PublicKey(publicKey), ...signed })).toBe(true);
      }),
      { ...runs, examples: oddExamples.map((one) => [one]) },
    );
  });
});
