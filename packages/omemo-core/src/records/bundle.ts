import type { X25519KeyPair } from '@omemo-kit/primitives';
import type { PreKeyPair, SignedPreKeyPair } from '@omemo-kit/x3dh';
import { fixedBytes, flag, list, mapped, optional, recordCodec, secret, struct, u32, u53 } from './codec.ts';

/** A signed pre-key with the time it was made, by which it is rotated (XEP-0384 4.2). */
export interface DatedSignedPreKey extends SignedPreKeyPair {
  readonly createdAt: number;
}

/** A signed pre-key that is kept for delayed key exchanges. */
export interface PreviousSignedPreKey extends DatedSignedPreKey {
  /** When the server was first known to show its successor; undefined while it may still be the published one. */
  readonly replacedAt: number | undefined;
}

/**
 * A pre-key that was used during catch-up and is kept until that ends (XEP-0384 section 6). The hashes of the shared
 * secrets made with it tell a replayed key exchange from a second sender's.
 */
export interface RetainedPreKey {
  readonly id: number;
  readonly usedBy: readonly Uint8Array[];
}

/**
 * The bundle's index: everything about the own bundle but the private halves of its pre-keys, which are records of
 * their own. Using a pre-key always rewrites this record, so that two writers cannot both accept one.
 */
export interface BundleRecord {
  readonly signedPreKey: DatedSignedPreKey;
  /** Kept one more rotation period for delayed key exchanges, oldest first (XEP-0384 4.2). */
  readonly previousSignedPreKeys: readonly PreviousSignedPreKey[];
  readonly nextSignedPreKeyId: number;
  /** Ids are never given twice, so that a used pre-key cannot come back under its id. */
  readonly nextPreKeyId: number;
  /** What is published, ascending ids. */
  readonly preKeys: readonly { readonly id: number; readonly publicKey: Uint8Array }[];
  readonly retained: readonly RetainedPreKey[];
  /** The published bundle differs from this record. */
  readonly dirty: boolean;
  /** Pre-keys that were used since and are shown by the server still. */
  readonly usedSincePublished: number;
  /** When the allowance for publishing it is whole again; milliseconds since 1970 (S17). */
  readonly publicationsWholeAt: number;
}

/** Both halves of an X25519 key pair. */
export const keyPair = mapped(
  struct({ privateKey: secret, publicKey: fixedBytes(32) }),
  // The public half is kept beside the private one: computing it again would cost a scalar multiplication a read.
  (stored) => stored as X25519KeyPair,
  (pair: X25519KeyPair) => pair,
);

const signedPreKeyFields = { id: u32, keyPair, signature: fixedBytes(64), createdAt: u53 };

export const bundleRecord = recordCodec<BundleRecord>(
  1,
  struct<BundleRecord>({
    signedPreKey: struct<DatedSignedPreKey>(signedPreKeyFields),
    previousSignedPreKeys: list(struct<PreviousSignedPreKey>({ ...signedPreKeyFields, replacedAt: optional(u53) })),
    nextSignedPreKeyId: u32,
    nextPreKeyId: u32,
    preKeys: list(struct({ id: u32, publicKey: fixedBytes(32) })),
    retained: list(struct<RetainedPreKey>({ id: u32, usedBy: list(fixedBytes(32)) })),
    dirty: flag,
    usedSincePublished: u32,
    publicationsWholeAt: u53,
  }),
  { keep: true },
);

/** The private half of one pre-key. */
export const preKeyRecord = recordCodec<PreKeyPair>(1, struct<PreKeyPair>({ id: u32, keyPair }));
