import type { RatchetState } from '@omemo-kit/double-ratchet';
import type { Ed25519PublicKey, X25519PublicKey } from '@omemo-kit/primitives';

/** One Double Ratchet session with one device. Plain and immutable: every step makes a new value. */
export interface Session {
  /** SHA-256 of the X3DH secret: every alias of an ephemeral key leads to the same one (S05). */
  readonly id: Uint8Array;
  /** Who sent the key exchange: we, the initiator, or the device, and we are its recipient. */
  readonly role: 'initiator' | 'recipient';
  /** The device's identity key. */
  readonly identityKey: Ed25519PublicKey;
  /** ek of the key exchange, stored with the session (XEP-0384 4.3). */
  readonly ephemeralKey: X25519PublicKey;
  readonly signedPreKeyId: number;
  readonly preKeyId: number;
  /** A message was read after the session was built; an initiator stops repeating the key exchange (XEP-0384 4.3). */
  readonly confirmed: boolean;
  /** A message that is no key exchange was read: both sides surely have this session. */
  readonly proven: boolean;
  /** It was replaced: it reads what is still under way and never sends. */
  readonly retired: boolean;
  /** Messages read so far, by which skipped keys age. */
  readonly received: number;
  readonly ratchet: RatchetState;
}

/** All sessions with one device, newest first. */
export interface SessionSet {
  readonly sessions: readonly Session[];
  /** An empty message is owed to the device; whatever is sent to it pays that. */
  readonly answerOwed: boolean;
}

export const noSessions: SessionSet = { sessions: [], answerOwed: false };
