import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import type { Ed25519PublicKey, X25519PublicKey } from '../../src/keys.ts';
import { codeOf } from '../support/errors.ts';
import { fromLittleEndian, littleEndian, toHex, utf8 } from '../support/hex.ts';
import { L, P, smallOrderPoints, torsionGenerator } from '../support/points.ts';
import { providers } from '../support/providers.ts';

const message = utf8('signed pre-key');
const never = () => expect.fail('a seed draws no nonce');

describe.each(providers)('keys and signatures ($name)', ({ primitives }) => {
  const identityKeyPair = primitives.identityKeyPairFromSeed(new Uint8Array(32).fill(0x42));
  const { publicKey } = identityKeyPair;
  const signature = primitives.sign({ identityKeyPair, message, nonce: never });

  test('S03: S + L is no signature', () => {
    const malleated = new Uint8Array(signature);
    malleated.set(littleEndian(fromLittleEndian(signature.subarray(32)) + L), 32);
    expect(primitives.verify({ publicKey, message, signature })).toBe(true);
    expect(primitives.verify({ publicKey, message, signature: malleated })).toBe(false);
  });

  test('S07: the form with the sign bit of the key in byte 63 is no signature', () => {
    const otherForm = new Uint8Array(signature);
    otherForm[63] = (otherForm[63] as number) | 0x80;
    expect(primitives.verify({ publicKey, message, signature: otherForm })).toBe(false);
  });

  test('S02: R has to be canonical', () => {
    // R = B * 0 is (0, 1); with S = k a it satisfies the equation, and y = p + 1 is another encoding of it.
    const a = 8n;
    const owned = primitives.importEd25519PublicKey(ed25519.Point.BASE.multiply(a).toBytes());
    for (const [r, valid] of [
      [littleEndian(1n), true],
      [littleEndian(P + 1n), false],
      [littleEndian(1n | (1n << 255n)), false],
    ] as const) {
      const k = fromLittleEndian(sha512(r, owned, message)) % L;
      const forged = new Uint8Array(64);
      forged.set(r);
      forged.set(littleEndian((k * a) % L), 32);
      expect(primitives.verify({ publicKey: owned, message, signature: forged })).toBe(valid);
    }
  });

  test.each([
    ['y = p', littleEndian(P), 'non-canonical-key'],
    ['y = p + 3', littleEndian(P + 3n), 'non-canonical-key'],
    ['2^255 - 1', littleEndian((1n << 255n) - 1n), 'non-canonical-key'],
    ['the neutral element with a sign', littleEndian(1n | (1n << 255n)), 'non-canonical-key'],
    ['(0, -1) with a sign', littleEndian((P - 1n) | (1n << 255n)), 'non-canonical-key'],
    ['y = 2, no point', littleEndian(2n), 'not-on-curve'],
    ['the neutral element', littleEndian(1n), 'small-order-key'],
    ['(0, -1)', littleEndian(P - 1n), 'small-order-key'],
    ['y = 0', littleEndian(0n), 'small-order-key'],
    ['B + a point of order 8', ed25519.Point.BASE.add(torsionGenerator).toBytes(), 'mixed-order-key'],
    ['B + (0, -1)', ed25519.Point.BASE.add(torsionGenerator.multiplyUnsafe(4n)).toBytes(), 'mixed-order-key'],
    ['B', ed25519.Point.BASE.toBytes(), 'returned'],
  ])('import of %s: %s gives %s', (_, bytes, code) => {
    expect(codeOf(() => primitives.importEd25519PublicKey(bytes))).toBe(code);
  });

  test('none of the eight points of small order is imported, with either sign', () => {
    for (const point of smallOrderPoints) {
      const flipped = new Uint8Array(point);
      flipped[31] = (flipped[31] as number) ^ 0x80;
      for (const bytes of [point, flipped]) {
        expect(codeOf(() => primitives.importEd25519PublicKey(bytes))).toMatch(/^(small-order|non-canonical)-key$/);
      }
    }
  });

  test('keys are copied, and plain', () => {
    const buffer = Buffer.from(publicKey);
    for (const key of [primitives.importEd25519PublicKey(buffer), primitives.recallEd25519PublicKey(buffer)]) {
      expect(Object.getPrototypeOf(key)).toBe(Uint8Array.prototype);
      buffer.fill(0);
      expect(key).toEqual(publicKey);
      buffer.set(publicKey);
    }
  });

  test('verify checks a key that was never imported, whatever its type says', () => {
    expect(primitives.verify({ publicKey: new Uint8Array(publicKey) as Ed25519PublicKey, message, signature })).toBe(
      true,
    );
    // A = aB + T with T of small order: the equation with its factor 8 holds, so only the check of the key can say no.
    const a = 1234n;
    for (let torsion = 0n; torsion < 8n; torsion++) {
      const point = ed25519.Point.BASE.multiply(a).add(torsionGenerator.multiplyUnsafe(torsion));
      const unchecked = point.toBytes() as Ed25519PublicKey;
      const commitment = ed25519.Point.BASE.toBytes();
      const k = fromLittleEndian(sha512(commitment, unchecked, message)) % L;
      const made = new Uint8Array(64);
      made.set(commitment);
      made.set(littleEndian((1n + k * a) % L), 32);
      expect(primitives.verify({ publicKey: unchecked, message, signature: made })).toBe(torsion === 0n);
    }
  });

  test('a key that is overwritten after its import is another key', () => {
    const key = primitives.importEd25519PublicKey(publicKey);
    const other = primitives.identityKeyPairFromSeed(new Uint8Array(32).fill(0x43));
    const others = primitives.sign({ identityKeyPair: other, message, nonce: never });
    const before = primitives.ed25519ToX25519(key);
    expect(primitives.verify({ publicKey: key, message, signature })).toBe(true);
    key.set(other.publicKey);
    expect(primitives.verify({ publicKey: key, message, signature })).toBe(false);
    expect(primitives.verify({ publicKey: key, message, signature: others })).toBe(true);
    expect(primitives.ed25519ToX25519(key)).toEqual(other.x25519.publicKey);
    expect(primitives.ed25519ToX25519(key)).not.toEqual(before);
    key.set(smallOrderPoints[1] as Uint8Array);
    expect(primitives.verify({ publicKey: key, message, signature })).toBe(false);
  });

  test('the result of a conversion is the caller’s own', () => {
    const key = primitives.importEd25519PublicKey(publicKey);
    primitives.ed25519ToX25519(key).fill(0);
    expect(primitives.ed25519ToX25519(key)).toEqual(identityKeyPair.x25519.publicKey);
  });

  test('a Buffer is read and left as it is', () => {
    const buffers = [Buffer.from(publicKey), Buffer.from(signature).fill(0xff, 31, 32), Buffer.from(message)] as const;
    const before = buffers.map(toHex);
    const [key, damaged, text] = buffers;
    const verdict = primitives.verify({
      publicKey: key as Uint8Array as Ed25519PublicKey,
      message: text,
      signature: damaged,
    });
    expect(verdict).toBe(false);
    primitives.importEd25519PublicKey(key);
    primitives.ed25519ToX25519(primitives.recallEd25519PublicKey(key));
    expect(buffers.map(toHex)).toEqual(before);
  });

  test('a scalar identity signs with the key of its scalar, not with what the object says', () => {
    const scalar = primitives.identityKeyPairFromScalar(new Uint8Array(32).fill(0x42));
    const nonce = () => new Uint8Array(64).fill(1);
    const expected = primitives.sign({ identityKeyPair: scalar, message, nonce });
    const forged = primitives.sign({ identityKeyPair: { ...scalar, publicKey }, message, nonce });
    expect(toHex(forged)).toBe(toHex(expected));
  });

  test('u of the twist and u = -1 are no Ed25519 keys', () => {
    for (const u of [2n, P - 1n]) {
      // Straight from bytes: the import refuses the second one already.
      const key = littleEndian(u) as X25519PublicKey;
      expect(codeOf(() => primitives.x25519ToEd25519(key, 0))).toBe('not-on-curve');
    }
    const zero = littleEndian(0n) as X25519PublicKey;
    expect(codeOf(() => primitives.x25519ToEd25519(zero, 0))).toBe('small-order-key');
    const base = primitives.importX25519PublicKey(littleEndian(9n));
    expect(primitives.x25519ToEd25519(base, 0)).toEqual(ed25519.Point.BASE.toBytes());
  });

  test('a recalled neutral element, which no import lets through, has no Curve25519 form', () => {
    const neutral = primitives.recallEd25519PublicKey(littleEndian(1n));
    expect(codeOf(() => primitives.ed25519ToX25519(neutral))).toBe('small-order-key');
  });
});

function sha512(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
