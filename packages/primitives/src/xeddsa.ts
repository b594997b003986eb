import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from './concat-bytes.ts';

const { BASE, Fn } = ed25519.Point;

/** hash_1's prefix (XEdDSA 2.2): 2^256 - 2, little-endian. It keeps the nonce's hash apart from every hash of Ed25519. */
const HASH_1_PREFIX = new Uint8Array(32).fill(0xff);
HASH_1_PREFIX[0] = 0xfe;

/** Clamps a Curve25519 private key (RFC 7748 5), in a copy. */
export function clampScalar(bytes: Uint8Array): Uint8Array {
  const scalar = new Uint8Array(bytes);
  scalar[0] = (scalar[0] as number) & 0xf8;
  scalar[31] = ((scalar[31] as number) & 0x7f) | 0x40;
  return scalar;
}

/** The scalar that RFC 8032 5.1.5 makes of a seed: the clamped first half of its SHA-512. */
export function seedToScalar(seed: Uint8Array): Uint8Array {
  return clampScalar(sha512(seed).subarray(0, 32));
}

/** A = aB with its real sign bit, 32 bytes. A clamped scalar is never 0 mod L: it is a multiple of 8 below 8L. */
export function scalarToPublicKey(scalar: Uint8Array): Uint8Array {
  return BASE.multiply(modL(scalar)).toBytes();
}

/**
 * xeddsa_sign (XEdDSA 2.4) without calculate_key_pair: the public key keeps its sign, so a is the scalar itself.
 * r = hash_1(a || M || Z), R = rB, h = SHA-512(R || A || M), s = r + ha mod L.
 */
export function xeddsaSign(input: {
  readonly scalar: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly nonce: Uint8Array;
}): Uint8Array {
  const { scalar, publicKey, message, nonce } = input;
  const r = modL(sha512(concatBytes(HASH_1_PREFIX, scalar, message, nonce)));
  const commitment = BASE.multiply(r).toBytes();
  const challenge = modL(sha512(concatBytes(commitment, publicKey, message)));
  return concatBytes(commitment, Fn.toBytes(Fn.create(r + challenge * modL(scalar))));
}

function modL(littleEndian: Uint8Array): bigint {
  return Fn.create(bytesToNumberLE(littleEndian));
}
