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
  readonly standing: Standing;
  /** The device's ratchet key that a heartbeat was owed for last: one is owed for each at most. */
  readonly heartbeatFor: X25519PublicKey | undefined;
  /** Messages read so far, by which skipped keys age. */
  readonly received: number;
  readonly ratchet: RatchetState;
}

/**
 * What a session may still do. `live`: send. `replaced`: one of our own that the device's key exchange took the place of;
 * it reads, and is taken up again if the device goes on using it. `retired`: it reads, and never sends again.
 */
export type Standing = 'live' | 'replaced' | 'retired';

/** All sessions with one device, the one used last first. */
export interface SessionSet {
  readonly sessions: readonly Session[];
  /** `id` of the session that the device's newest message came over. */
  readonly lastHeard: Uint8Array | undefined;
  /** How many of its messages in a row came over that one. */
  readonly heardInARow: number;
  /** An empty message is owed to the device; whatever is sent to it pays that. */
  readonly answerOwed: boolean;
  /** When a session was last started because a message came without one; milliseconds since 1970 (section 6, S30). */
  readonly startedAt: number | undefined;
  /** Messages sent to the device since one of it was read (X50). */
  readonly unanswered: number;
}

export const noSessions: SessionSet = {
  sessions: [],
  lastHeard: undefined,
  heardInARow: 0,
  answerOwed: false,
  startedAt: undefined,
  unanswered: 0,
};
