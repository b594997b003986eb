import { ed25519 } from '@noble/curves/ed25519.js';
import { PrimitivesError } from './primitives-error.ts';
import { hasHighBit, isBelowP } from './x25519-points.ts';

const { Fp } = ed25519.Point;
const MINUS_ONE = Fp.neg(Fp.ONE);

/** y of an encoded point, reduced; the sign bit is left out. */
export function decodeY(bytes: Uint8Array): bigint {
  let hex = '';
  for (let i = 31; i >= 0; i--) hex += ((bytes[i] as number) & (i === 31 ? 0x7f : 0xff)).toString(16).padStart(2, '0');
  return Fp.create(BigInt(`0x${hex}`));
}

/** Throws unless the 32 bytes are the one encoding of a point of order L, the prime (S09). */
export function assertPrimeOrderPoint(bytes: Uint8Array): void {
  if (!isBelowP(bytes)) throw new PrimitivesError('non-canonical-key', 'the key is not in canonical form (y >= p)');
  const y = decodeY(bytes);
  // x = 0 has no sign (RFC 8032 5.1.3, step 4).
  if (hasHighBit(bytes) && (y === Fp.ONE || y === MINUS_ONE)) {
    throw new PrimitivesError('non-canonical-key', 'the key is not in canonical form (x = 0 with a sign)');
  }
  const point = decodePoint(bytes);
  if (point.isSmallOrder()) throw new PrimitivesError('small-order-key', 'the key is a point of small order');
  if (!point.isTorsionFree())
    throw new PrimitivesError('mixed-order-key', 'the key is not in the prime-order subgroup');
}

function decodePoint(bytes: Uint8Array) {
  try {
    return ed25519.Point.fromBytes(bytes, false);
  } catch (cause) {
    throw new PrimitivesError('not-on-curve', 'the key is not a point of the curve', { cause });
  }
}

/** u = (1 + y) / (1 - y), 32 bytes (RFC 7748 4.1). @throws PrimitivesError `small-order-key` for the neutral element */
export function edwardsToMontgomery(bytes: Uint8Array): Uint8Array {
  const y = decodeY(bytes);
  if (y === Fp.ONE) throw new PrimitivesError('small-order-key', 'the key is a point of small order');
  return Fp.toBytes(Fp.div(Fp.add(Fp.ONE, y), Fp.sub(Fp.ONE, y)));
}

/** y = (u - 1) / (u + 1) with the sign bit, 32 bytes. @throws PrimitivesError `not-on-curve` where there is no such y */
export function montgomeryToEdwards(u: Uint8Array, signBit: 0 | 1): Uint8Array {
  const value = decodeY(u);
  if (value === MINUS_ONE) throw new PrimitivesError('not-on-curve', 'the key is not a point of the curve');
  const bytes = Fp.toBytes(Fp.div(Fp.sub(value, Fp.ONE), Fp.add(value, Fp.ONE)));
  bytes[31] = (bytes[31] as number) | (signBit << 7);
  return bytes;
}
