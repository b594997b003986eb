import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPrimeOrderPoint } from '../../src/edwards-points.ts';
import { nobleProvider } from '../../src/noble-provider.ts';
import type { Primitives } from '../../src/primitives.ts';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { Secret } from '../../src/secret.ts';
import { fromLittleEndian, littleEndian, toHex } from '../support/hex.ts';
import { oddExamples, oddSignature } from '../support/odd-signature.ts';
import { bytes32, edwardsPoint, lowOrderU, smallOrderPoints } from '../support/points.ts';
import { nativeProvider, noble, node } from '../support/providers.ts';

/** The result as plain data, or the code of the error: what two providers have to agree on. */
function outcome(call: () => unknown): unknown {
  try {
    return plain(call());
  } catch (error) {
    if (error instanceof PrimitivesError) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return { secret: toHex(value.expose()) };
  if (value instanceof Uint8Array)
    return { type: Object.getPrototypeOf(value) === Uint8Array.prototype, hex: toHex(value) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

function agree(call: (primitives: Primitives) => unknown): void {
  expect(outcome(() => call(node))).toEqual(outcome(() => call(noble)));
}

const runs = { numRuns: 100 };
const someU = fc.oneof(
  bytes32,
  fc.constantFrom(...lowOrderU),
  // Near p and 2^255, with either high bit: not reduced.
  fc
    .record({ low: fc.integer({ min: 0, max: 255 }), high: fc.constantFrom(0x7f, 0xff) })
    .map(({ low, high }) => new Uint8Array(32).fill(0xff).fill(low, 0, 1).fill(high, 31)),
);
const someY = fc.oneof(
  bytes32,
  edwardsPoint.map((point) => point.bytes),
  fc.constantFrom(...smallOrderPoints),
  someU,
);
const otherLength = fc.uint8Array({ maxLength: 66 });

describe('noble and node:crypto give the same', () => {
  test('X25519 key pairs, and shared secrets with any 32 bytes', () => {
    fc.assert(
      fc.property(bytes32, someU, (privateKey, u) => {
        agree((p) => p.x25519KeyPair(privateKey));
        agree((p) => p.x25519(new Secret(privateKey), u));
      }),
      runs,
    );
  });

  test('imports of any bytes, with the same code', () => {
    fc.assert(
      fc.property(someY, someU, otherLength, (y, u, other) => {
        agree((p) => p.importEd25519PublicKey(y));
        agree((p) => p.recallEd25519PublicKey(y));
        agree((p) => p.importX25519PublicKey(u));
        agree((p) => p.importEd25519PublicKey(other));
        agree((p) => p.importX25519PublicKey(other));
        agree((p) => p.recallEd25519PublicKey(other));
      }),
      runs,
    );
  });

  test('conversions of imported and of recalled keys', () => {
    fc.assert(
      fc.property(someY, someU, fc.constantFrom(0, 1), (y, u, signBit) => {
        agree((p) => p.ed25519ToX25519(p.recallEd25519PublicKey(y)));
        agree((p) => p.ed25519ToX25519(p.importEd25519PublicKey(y)));
        agree((p) => p.x25519ToEd25519(p.importX25519PublicKey(u), signBit));
      }),
      runs,
    );
  });

  test('identities and signatures, which the other one verifies', () => {
    fc.assert(
      fc.property(
        bytes32,
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (key, message, nonce) => {
          for (const name of ['identityKeyPairFromSeed', 'identityKeyPairFromScalar'] as const) {
            agree((p) => p[name](key));
            const sign = (p: Primitives) => p.sign({ identityKeyPair: p[name](key), message, nonce: () => nonce });
            agree(sign);
            const { publicKey } = noble[name](key);
            expect(node.verify({ publicKey, message, signature: sign(noble) })).toBe(true);
            expect(noble.verify({ publicKey, message, signature: sign(node) })).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('verdicts on damaged signatures', () => {
    const bit = fc.integer({ min: 0, max: 64 * 8 - 1 });
    fc.assert(
      fc.property(
        bytes32,
        fc.uint8Array({ maxLength: 64 }),
        bit,
        otherLength,
        someY,
        (seed, message, flipped, other, r) => {
          const identityKeyPair = noble.identityKeyPairFromSeed(seed);
          const { publicKey } = identityKeyPair;
          const signature = noble.sign({ identityKeyPair, message, nonce: () => expect.fail() });
          const damaged = new Uint8Array(signature);
          damaged[flipped >> 3] = (damaged[flipped >> 3] as number) ^ (1 << (flipped & 7));
          const otherR = new Uint8Array(signature);
          otherR.set(r);
          for (const candidate of [signature, damaged, otherR, other]) {
            agree((p) => p.verify({ publicKey, message, signature: candidate }));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('verdicts on an R with torsion, made by the owner of the key: the equation has the factor 8', () => {
    fc.assert(
      fc.property(oddSignature, ({ publicKey, ...signed }) => {
        const input = { publicKey: noble.importEd25519PublicKey(publicKey), ...signed };
        expect(noble.verify(input)).toBe(true);
        expect(node.verify(input)).toBe(true);
      }),
      { numRuns: 50, examples: oddExamples.map((one) => [one]) },
    );
  });

  test('AES-CBC on both sides of the size where node:crypto takes over', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 990, max: 1060 }), fc.constant(5_000));
    fc.assert(
      fc.property(
        bytes32,
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        size,
        fc.nat(255),
        (key, iv, length, byte) => {
          const plaintext = new Uint8Array(length).fill(byte);
          agree((p) => p.aes256CbcEncrypt({ key, iv, plaintext }));
          const ciphertext = noble.aes256CbcEncrypt({ key, iv, plaintext });
          agree((p) => p.aes256CbcDecrypt({ key, iv, ciphertext }));
          agree((p) => p.aes256CbcDecrypt({ key, iv, ciphertext: ciphertext.subarray(0, -1) }));
          const damaged = new Uint8Array(ciphertext).fill(byte, -16, -15);
          agree((p) => p.aes256CbcDecrypt({ key, iv, ciphertext: damaged }));
        },
      ),
      runs,
    );
  });

  test('hashes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 150 }), (data, key) => {
        agree((p) => p.sha256(data));
        agree((p) => p.hmacSha256(key, data, key));
        agree((p) => p.hkdfSha256({ inputKeyMaterial: data, salt: key, info: data, length: data.length }));
      }),
      runs,
    );
  });
});

describe('the X25519 probe for points of order L', () => {
  test('agrees with a multiplication by L on points with and without torsion', () => {
    fc.assert(
      fc.property(edwardsPoint, ({ bytes, torsion }) => {
        const u = ed25519.utils.toMontgomery(bytes);
        expect(nativeProvider.isPrimeOrder(bytes, u)).toBe(torsion === 0);
        expect(nobleProvider.isPrimeOrder(bytes, u)).toBe(torsion === 0);
      }),
      { numRuns: 200 },
    );
  });

  test('agrees on any bytes, the twist included', () => {
    let onTwist = 0;
    fc.assert(
      fc.property(
        bytes32.map((bytes) => bytes.fill((bytes[31] as number) & 0x3f, 31)),
        (u) => {
          const y =
            ((fromLittleEndian(u) - 1n) * ed25519.Point.Fp.inv(fromLittleEndian(u) + 1n)) % ed25519.Point.Fp.ORDER;
          const bytes = littleEndian((y + ed25519.Point.Fp.ORDER) % ed25519.Point.Fp.ORDER);
          const expected = isPrimeOrderPoint(bytes);
          if (!ed25519.utils.isValidPublicKey(bytes)) onTwist++;
          expect(nativeProvider.isPrimeOrder(bytes, u)).toBe(expected);
        },
      ),
      runs,
    );
    expect(onTwist).toBeGreaterThan(10);
  });
});
