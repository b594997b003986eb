import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { DeviceAddress } from './addresses.ts';

/** A device that a person has to decide on before anything is sent to it. */
export interface UndecidedDevice extends DeviceAddress {
  readonly identityKey: Ed25519PublicKey;
  readonly fingerprint: readonly string[];
  /** The device was known with another identity key before. */
  readonly changed: boolean;
}

/** A listed device that gets no key. */
export interface SkippedDevice extends DeviceAddress {
  readonly reason: 'distrusted' | 'no-bundle';
  /** Why there is no bundle. */
  readonly cause?: unknown;
}
