import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { DeviceAddress } from './addresses.ts';

/** A device that a person has to decide on before anything is sent to it. */
export interface UndecidedDevice extends DeviceAddress {
  readonly identityKey: Ed25519PublicKey;
  readonly fingerprint: readonly string[];
  /** The device was known with another identity key before. */
  readonly changed: boolean;
  /** Other accounts that show the same identity key: one of them claims to be somebody it is not (S21). */
  readonly alsoOf: readonly string[];
}

/**
 * A member of a room who cannot read a message on any device: `no-devices`, the account has no OMEMO; `device-list-unavailable`,
 * its server could not be asked; `no-bundle`, no session can be started with any of its devices; `distrusted`, all are.
 */
export interface UnreachedMember {
  /** Real bare JID. */
  readonly jid: string;
  readonly reason: 'no-devices' | 'device-list-unavailable' | 'no-bundle' | 'distrusted';
  readonly cause?: unknown;
}

/** A listed device that gets no key. */
export interface SkippedDevice extends DeviceAddress {
  /** `stale`: so many messages went to it without any from it that it is not written to before it is heard of (X50). */
  readonly reason: 'distrusted' | 'no-bundle' | 'stale';
  /** Why there is no bundle. */
  readonly cause?: unknown;
}
