import type { HkdfInput } from './hkdf-sha256.ts';
import type { Ed25519PublicKey, IdentityKeyPair, X25519KeyPair, X25519PublicKey } from './keys.ts';
import type { Secret } from './secret.ts';

/**
 * Everything this package computes. Both entry points export these functions by name; they differ in speed, never in results.
 * All are synchronous and pure, except the two that draw randomness. Wrong lengths throw `invalid-length`, values that are no
 * bytes `invalid-argument`; results are new arrays.
 */
export interface Primitives {
  /**
   * A peer's Curve25519 key, copied. Of the encodings of a point only the canonical one is let in: a second form of the same
   * ephemeral key would pass for a new key exchange (S05). Points of small order are refused here already, so that a bundle
   * with one is refused whole and not only when that key comes to be used; `x25519` refuses them too (S01).
   * @param bytes 32 bytes, little-endian u
   * @throws PrimitivesError `invalid-length`, `non-canonical-key`, `small-order-key`
   */
  importX25519PublicKey(bytes: Uint8Array): X25519PublicKey;

  /**
   * A peer's identity key, copied: canonical, on the curve, not of small order, free of torsion (S02, S09).
   * @param bytes 32 bytes, RFC 8032 5.1.2
   * @throws PrimitivesError `invalid-length`, `non-canonical-key`, `not-on-curve`, `small-order-key`, `mixed-order-key`
   */
  importEd25519PublicKey(bytes: Uint8Array): Ed25519PublicKey;

  /**
   * An identity key that passed `importEd25519PublicKey` before and was kept in own storage. Only the length is checked: never
   * give it bytes that come from a peer.
   * @throws PrimitivesError `invalid-length`
   */
  recallEd25519PublicKey(bytes: Uint8Array): Ed25519PublicKey;

  /**
   * The key pair of 32 private bytes. They are kept as given (RFC 7748 5 clamps a copy when they are used).
   * @throws PrimitivesError `invalid-length`
   */
  x25519KeyPair(privateKey: Uint8Array | Secret): X25519KeyPair;

  /**
   * X25519 (RFC 7748 5), 32 bytes. Takes any 32 bytes as the RFC demands: the high bit is ignored, u >= p reduced.
   * @throws PrimitivesError `zero-shared-secret` when the result would be all zero (S01), `invalid-length`
   */
  x25519(privateKey: Secret, publicKey: Uint8Array): Secret;

  /**
   * The identity of an Ed25519 seed (RFC 8032 5.1.5); its X25519 half is the converted key.
   * @throws PrimitivesError `invalid-length`
   */
  identityKeyPairFromSeed(seed: Uint8Array | Secret): IdentityKeyPair;

  /**
   * The identity of a Curve25519 private key, clamped. The Ed25519 public key is that of the scalar itself and keeps its real sign
   * bit: unlike XEdDSA proper, nothing is negated.
   * @throws PrimitivesError `invalid-length`
   */
  identityKeyPairFromScalar(scalar: Uint8Array | Secret): IdentityKeyPair;

  /**
   * Signs; any RFC 8032 verifier takes the result. A seed signs deterministically (RFC 8032 5.1.6), a scalar as XEdDSA 2.4 with
   * a nonce (Z).
   * @param options.nonce gives 64 fresh secret random bytes; called only for a scalar identity, once
   * @returns 64 bytes, R || S
   * @throws PrimitivesError `invalid-length` for a nonce of another length
   */
  sign(options: {
    readonly identityKeyPair: IdentityKeyPair;
    readonly message: Uint8Array;
    readonly nonce: () => Uint8Array;
  }): Uint8Array;

  /**
   * Strict RFC 8032 5.1.7: canonical R, S < L, a public key of prime order (S02, S03). Only the plain Ed25519 form is taken, not
   * that of Signal with the sign bit in byte 63 (S07). False for any other bytes of any length; never throws for them.
   */
  verify(options: {
    readonly publicKey: Ed25519PublicKey;
    readonly message: Uint8Array;
    readonly signature: Uint8Array;
  }): boolean;

  /** The Curve25519 form, u = (1 + y) / (1 - y) (RFC 7748 4.1). */
  ed25519ToX25519(publicKey: Ed25519PublicKey): X25519PublicKey;

  /**
   * The Ed25519 form with the sign bit given, y = (u - 1) / (u + 1), checked as `importEd25519PublicKey` does.
   * @throws PrimitivesError `not-on-curve` for a point of the twist, `small-order-key`, `mixed-order-key`, `invalid-argument`
   */
  x25519ToEd25519(publicKey: X25519PublicKey, signBit: 0 | 1): Ed25519PublicKey;

  /** SHA-256, 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;

  /** HMAC-SHA-256 (RFC 2104) over the data one after the other, 32 bytes. A key of any length. */
  hmacSha256(key: Uint8Array | Secret, ...data: Uint8Array[]): Uint8Array;

  /**
   * HKDF-SHA-256 (RFC 5869), extract and expand.
   * @param options.length 1 to 8,160 bytes
   * @throws PrimitivesError `invalid-argument` for another length
   */
  hkdfSha256(options: HkdfInput & { readonly length: number }): Uint8Array;

  /**
   * The output of HKDF-SHA-256 cut into keys, one after the other, an array for each length.
   * @throws PrimitivesError `invalid-argument` unless each length is 1 or more, and all together are 8,160 at most
   */
  hkdfSha256Keys(options: HkdfInput & { readonly lengths: readonly number[] }): Uint8Array[];

  /**
   * AES-256 in CBC mode with PKCS#7 padding. Not authenticated: the caller puts a MAC around it.
   * @param options.key 32 bytes
   * @param options.iv 16 bytes
   * @returns 1 to 16 bytes more than the plaintext
   */
  aes256CbcEncrypt(options: {
    readonly key: Uint8Array;
    readonly iv: Uint8Array;
    readonly plaintext: Uint8Array;
  }): Uint8Array;

  /**
   * The reverse. Verify the MAC first (S36).
   * @throws PrimitivesError `invalid-padding`, in one text, for anything wrong with the ciphertext's length or its padding
   */
  aes256CbcDecrypt(options: {
    readonly key: Uint8Array;
    readonly iv: Uint8Array;
    readonly ciphertext: Uint8Array;
  }): Uint8Array;

  /** Equal bytes? The same steps wherever the first difference is; lengths are public (S36). */
  constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean;

  /**
   * Bytes of the system's CSPRNG.
   * @throws PrimitivesError `invalid-argument` for what is no length, `unavailable` where there is no `crypto.getRandomValues`
   */
  randomBytes(length: number): Uint8Array;

  /**
   * A uniform integer from 0 to below - 1, by rejection sampling.
   * @param below 1 to 2^32
   * @throws PrimitivesError `invalid-argument`
   */
  randomInteger(below: number): number;
}

/** The costly ones, for a function that takes them as an argument: `@omemo-kit/primitives/ahead` has them computed ahead. */
export type Curve = Pick<Primitives, 'importEd25519PublicKey' | 'verify' | 'x25519' | 'x25519KeyPair'>;
