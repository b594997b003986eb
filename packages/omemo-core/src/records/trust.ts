import { type Ed25519PublicKey, recallEd25519PublicKey } from '@omemo-kit/primitives';
import { fixedBytes, flag, list, mapped, oneOf, optional, recordCodec, struct, u32, u53 } from './codec.ts';

/** What was decided about an identity key. `trusted` is a policy's doing, `verified` a person's. */
export const trustLevels = ['undecided', 'trusted', 'verified', 'distrusted'] as const;
export type TrustLevel = (typeof trustLevels)[number];

export interface KnownIdentityKey {
  /** The 32 Ed25519 bytes as received; checked once on import and remembered here as checked. */
  readonly identityKey: Ed25519PublicKey;
  readonly level: TrustLevel;
  readonly firstSeenAt: number;
}

export interface KnownDevice {
  readonly deviceId: number;
  readonly identityKey: Ed25519PublicKey;
  /** Another identity key that this device id has shown since; sending waits until it is decided on. Never one that was rejected. */
  readonly changedTo: Ed25519PublicKey | undefined;
}

/** The policies that can be chosen for one account, by the name they are stored under. */
export const policyNames = ['manual', 'trust-on-first-use', 'blind-trust-before-verification'] as const;
export type PolicyName = (typeof policyNames)[number];

/** A fingerprint that a person compared before its key was ever seen. */
export interface ExpectedKey {
  /** Device that it was said to be of. */
  readonly deviceId: number;
  /** The key in its Curve25519 form, which is what people compare (XEP-0384 section 8). */
  readonly curve25519: Uint8Array;
}

/** Everything known about the keys of one account: one record a contact, whatever the number of devices. */
export interface TrustRecord {
  /** Chosen for this account in place of the policy that holds for all. */
  readonly policy: PolicyName | undefined;
  /** We encrypted content to this account, or a person accepted a key of it: it is no stranger (S17). */
  readonly writtenTo: boolean;
  readonly keys: readonly KnownIdentityKey[];
  readonly devices: readonly KnownDevice[];
  /** The identity keys that show these fingerprints are verified when they are met. */
  readonly expected: readonly ExpectedKey[];
}

export const identityKeyField = mapped(
  fixedBytes(32),
  (stored) => recallEd25519PublicKey(stored),
  (key: Ed25519PublicKey) => key as Uint8Array,
);

export const trustRecord = recordCodec<TrustRecord>(
  1,
  struct<TrustRecord>({
    policy: optional(oneOf(...policyNames)),
    writtenTo: flag,
    keys: list(
      struct<KnownIdentityKey>({
        identityKey: identityKeyField,
        level: oneOf(...trustLevels),
        firstSeenAt: u53,
      }),
    ),
    devices: list(
      struct<KnownDevice>({ deviceId: u32, identityKey: identityKeyField, changedTo: optional(identityKeyField) }),
    ),
    expected: list(struct<ExpectedKey>({ deviceId: u32, curve25519: fixedBytes(32) })),
  }),
  { keep: true },
);
