import type { Secret } from './secret.ts';

declare const brand: unique symbol;

/**
 * 32 bytes that passed `importEd25519PublicKey`: canonical, on the curve, of prime order (S02, S09). Signatures, associated data
 * and trust use exactly these bytes. Do not modify.
 */
export type Ed25519PublicKey = Uint8Array & { readonly [brand]: 'Ed25519PublicKey' };

/** 32 bytes that passed `importX25519PublicKey`: u < p with the high bit clear, not of small order (S01, S05, S10). Do not modify. */
export type X25519PublicKey = Uint8Array & { readonly [brand]: 'X25519PublicKey' };

/** A Curve25519 key pair. `privateKey` holds the 32 bytes as given; RFC 7748 clamps them when they are used. */
export interface X25519KeyPair {
  readonly privateKey: Secret;
  readonly publicKey: X25519PublicKey;
}

/**
 * An identity key (IK): signs as Ed25519, agrees on keys as X25519.
 * `seed`: the 32-byte Ed25519 secret key of RFC 8032. `scalar`: a clamped Curve25519 private key, which signs as in XEdDSA.
 */
export interface IdentityKeyPair {
  readonly form: 'seed' | 'scalar';
  readonly secret: Secret;
  readonly publicKey: Ed25519PublicKey;
  readonly x25519: X25519KeyPair;
}
