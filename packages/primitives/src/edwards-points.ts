import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { hasHighBit, isBelowP } from './curve25519-encoding.ts';
import { PrimitivesError } from './primitives-error.ts';

const { Fp, Fn } = ed25519.Point;
const MINUS_ONE = Fp.neg(Fp.ONE);

/** u = (1 + y) / (1 - y), 32 bytes (RFC 7748 4.1); undefined for y = 1, the neutral element, which has no u. */
export function edwardsToMontgomery(publicKey: Uint8Array): Uint8Array | undefined {
  const y = decodeCoordinate(publicKey);
  return y === Fp.ONE ? undefined : Fp.toBytes(Fp.div(Fp.add(Fp.ONE, y), Fp.sub(Fp.ONE, y)));
}

/** y = (u - 1) / (u + 1) with the sign bit, 32 bytes; undefined for u = -1, which is on the twist. Not yet checked to be a point. */
export function montgomeryToEdwards(u: Uint8Array, signBit: 0 | 1): Uint8Array | undefined {
  const value = decodeCoordinate(u);
  if (value === MINUS_ONE) return undefined;
  const bytes = Fp.toBytes(Fp.div(Fp.sub(value, Fp.ONE), Fp.add(value, Fp.ONE)));
  bytes[31] = (bytes[31] as number) | (signBit << 7);
  return bytes;
}

/** Has this point another encoding that decodes to it in lenient libraries, and is this not the right one (RFC 8032 5.1.3)? */
export function isNonCanonical(publicKey: Uint8Array): boolean {
  if (!isBelowP(publicKey)) return true;
  if (!hasHighBit(publicKey)) return false;
  // x = 0 has no sign.
  const y = decodeCoordinate(publicKey);
  return y === Fp.ONE || y === MINUS_ONE;
}

/** Is R canonical and S < L (RFC 8032 5.1.7)? @param signature 64 bytes, R || S */
export function isStrictSignature(signature: Uint8Array): boolean {
  return !isNonCanonical(signature) && bytesToNumberLE(signature.subarray(32)) < Fn.ORDER;
}

/** Does the canonical encoding stand for a point of prime order L? By decoding it and multiplying by L. */
export function isPrimeOrderPoint(publicKey: Uint8Array): boolean {
  return explainRefusal(publicKey) === undefined;
}

/** Why the canonical encoding is no point of prime order; undefined if it is one. */
export function explainRefusal(publicKey: Uint8Array): PrimitivesError | undefined {
  let point: InstanceType<typeof ed25519.Point>;
  try {
    point = ed25519.Point.fromBytes(publicKey, false);
  } catch (cause) {
    return new PrimitivesError('not-on-curve', 'the key is not a point of the curve', { cause });
  }
  if (point.isSmallOrder()) return new PrimitivesError('small-order-key', 'the key is a point of small order');
  if (point.isTorsionFree()) return undefined;
  return new PrimitivesError('mixed-order-key', 'the key is not in the prime-order subgroup');
}

/** The 255-bit little-endian number without the high bit of byte 31, reduced mod p. */
function decodeCoordinate(bytes: Uint8Array): bigint {
  // Not slice(): that of a Buffer shares the bytes.
  const coordinate = new Uint8Array(bytes.subarray(0, 32));
  coordinate[31] = (coordinate[31] as number) & 0x7f;
  return Fp.create(bytesToNumberLE(coordinate));
}
