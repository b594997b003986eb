import type { Secret } from './secret.ts';

/**
 * The operations that are worth doing natively. A provider gets checked lengths and applies no policy: the rules on keys and
 * signatures stand above it, once, for all providers.
 */
export interface CurveProvider {
  readonly name: string;
  /** The 32-byte public key of 32 private bytes. */
  x25519PublicKey(privateKey: Secret): Uint8Array;
  /** RFC 7748 X25519 for any 32 public bytes; undefined where the result would be all zero. */
  x25519(privateKey: Secret, publicKey: Uint8Array): Uint8Array | undefined;
  /**
   * Is this the encoding of a point of order L (on the curve, not small, free of torsion)?
   * @param publicKey 32 bytes, canonical
   * @param u its Curve25519 form
   */
  isPrimeOrder(publicKey: Uint8Array, u: Uint8Array): boolean;
  /** The 32-byte public key of an Ed25519 seed. */
  ed25519PublicKey(seed: Secret): Uint8Array;
  /** RFC 8032 Ed25519, 64 bytes. The public key that is hashed in comes from the seed, never from a caller. */
  ed25519Sign(seed: Secret, message: Uint8Array): Uint8Array;
  /** RFC 8032 5.1.7 with the cofactored equation, canonical R, S < L; the public key was checked. Never throws for 64 bytes. */
  ed25519Verify(input: { publicKey: Uint8Array; message: Uint8Array; signature: Uint8Array }): boolean;
  /** AES-256-CBC over whole blocks, no padding. */
  encryptBlocks(input: CbcInput): Uint8Array;
  decryptBlocks(input: CbcInput): Uint8Array;
}

/** key: 32 bytes, iv: 16 bytes, blocks: a multiple of 16 bytes. */
export interface CbcInput {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly blocks: Uint8Array;
}
