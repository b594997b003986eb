import { randomBytes } from '@omemo-kit/primitives';

/** Everything random in a ratchet, by name, so that a recorded run can be repeated byte for byte. */
export interface RatchetRandomness {
  /** 32 bytes, the private half of a ratchet key. Drawn once a DH step, after its message was authenticated. */
  ratchetKey(): Uint8Array;
}

/** The generator of the platform. */
export const systemRandomness: RatchetRandomness = { ratchetKey: () => randomBytes(32) };
