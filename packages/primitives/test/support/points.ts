import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { hex } from './hex.ts';

export const L = ed25519.Point.Fn.ORDER;
export const P = ed25519.Point.Fp.ORDER;

/** A generator of the eight points of small order. */
export const torsionGenerator = ed25519.Point.fromHex(
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
);

export const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** An encoded point k B + t T with its torsion t; only t = 0 makes an identity key. */
export const edwardsPoint = fc
  .record({ k: fc.bigInt({ min: 1n, max: L - 1n }), torsion: fc.integer({ min: 0, max: 7 }) })
  .map(({ k, torsion }) => ({
    torsion,
    bytes: ed25519.Point.BASE.multiply(k)
      .add(torsionGenerator.multiplyUnsafe(BigInt(torsion)))
      .toBytes(),
  }));

/** The eight points of small order, encoded. */
export const smallOrderPoints = Array.from({ length: 8 }, (_, i) =>
  torsionGenerator.multiplyUnsafe(BigInt(i)).toBytes(),
);

/** u of the points of order 1, 2, 4 and 8 on the curve and its twist, as in RFC 7748 libraries' block lists. */
export const lowOrderU = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
].map(hex);
