import type { Ed25519PublicKey } from '@omemo-kit/primitives';

/** A device shows another identity key than it is known by. Nothing is encrypted for its account until a person decided. */
export interface IdentityChange {
  readonly jid: string;
  readonly deviceId: number;
  readonly oldKey: Ed25519PublicKey;
  readonly newKey: Ed25519PublicKey;
  /** Eight groups of eight hex digits. */
  readonly oldFingerprint: readonly string[];
  readonly newFingerprint: readonly string[];
}

/** Devices that were met for the first time and that the trust policy left to a person. */
export interface NewUndecidedDevices {
  readonly jid: string;
  readonly devices: readonly {
    readonly deviceId: number;
    readonly identityKey: Ed25519PublicKey;
    readonly fingerprint: readonly string[];
  }[];
}
