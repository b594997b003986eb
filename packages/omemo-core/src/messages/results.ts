import type { Envelope, OptOut, WireError } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { StanzaFacts } from '../records/delivery.ts';
import type { TrustLevel } from '../records/trust.ts';
import type { DeviceAddress } from './addresses.ts';

/** The device a message came from, as far as its session tells. */
export interface Sender extends DeviceAddress {
  /** The identity key that authenticated it, 32 Ed25519 bytes. */
  readonly identityKey: Ed25519PublicKey;
  /** What was decided about that key when the message was read; anything but `trusted` and `verified` is to be shown. */
  readonly trust: TrustLevel;
  /** The device is on its account's cached device list (XEP-0384 section 6). */
  readonly listed: boolean;
}

/** What every result tells of the stanza. */
export interface Arrival {
  /** The stanza around it, unauthenticated; undefined for a bare `<encrypted/>`. */
  readonly stanza: StanzaFacts | undefined;
  /** Stamp of a delayed delivery in milliseconds since 1970, as the server says. */
  readonly delayedAt: number | undefined;
}

/** A message with content, kept in the inbox under `id` until it is acknowledged. */
export interface ReadMessage extends Arrival {
  readonly type: 'message';
  /** The same for every copy of this message, after a restart too. */
  readonly id: string;
  readonly sender: Sender;
  /** The decrypted bytes: an SCE envelope, or the application's own. */
  readonly payload: Uint8Array;
  /** The envelope in `payload`, verified; undefined for bytes. */
  readonly envelope: Envelope | undefined;
  /** Milliseconds since 1970, this device's clock. */
  readonly receivedAt: number;
  /** `late`: later messages of its session were read before it. */
  readonly order: 'current' | 'late';
  /**
   * Messages that the device sent before this one and that had not come when it was read: they are late, or lost (XEP-0384
   * section 6). Empty messages count too, which nobody misses.
   */
  readonly missing: number;
  /** The contact asked for plain text in it, and it counts: show it (XEP-0384 5.7, R97). See `Omemo.optOut`. */
  readonly optOut: OptOut | undefined;
}

/** A message that authenticated and whose content is refused; kept in the inbox as well. */
export interface RejectedMessage extends Arrival {
  readonly type: 'rejected';
  readonly id: string;
  readonly sender: Sender;
  readonly reason: RejectionReason;
  readonly receivedAt: number;
}

/** Why authentic content is refused (XEP-0420 section 4: affixes must be verified). */
export type RejectionReason =
  | 'malformed-envelope'
  | 'from-mismatch'
  | 'to-mismatch'
  | 'to-missing'
  /** A device that is not trusted asked for plain text: it has no effect (XEP-0384 5.7, S61). */
  | 'untrusted-opt-out'
  /** Somebody asked for plain text in a room and is in none of its lists: it has no effect (S61). */
  | 'visitor-opt-out';

/** No content: session upkeep only (XEP-0384 5.5.3). */
export interface EmptyMessage extends Arrival {
  readonly type: 'empty';
  readonly id: string;
  readonly sender: Sender;
}

/**
 * A copy of a message that was read before; nothing to show (XEP-0384 section 6). `unacknowledged` is the message if
 * the application has not acknowledged it yet.
 */
export interface DuplicateMessage extends DeviceAddress, Arrival {
  readonly type: 'duplicate';
  readonly id: string;
  /** `same-bytes`: it is remembered. `key-used`: its ratchet key is used up, it is older than the memory. */
  readonly evidence: 'same-bytes' | 'key-used';
  readonly unacknowledged: ReadMessage | RejectedMessage | undefined;
}

/** It holds no key for this device: show that it was encrypted for others only (XEP-0384 5.6). */
export interface NotForThisDevice extends DeviceAddress, Arrival {
  readonly type: 'not-for-this-device';
}

/** It could not be read, and nothing that could read it has changed: tell the user that a message may be missing (XEP-0384 section 6). */
export interface FailedMessage extends DeviceAddress, Arrival {
  readonly type: 'failed';
  /** The id it would have; undefined when it is malformed. The same for every copy. */
  readonly id: string | undefined;
  readonly code: FailureCode;
  /** For logs; holds nothing secret. */
  readonly cause: unknown;
  /**
   * With `no-session`, and where two key exchanges were both too late: a session is being started with the device, so that
   * what it writes next can be read (XEP-0384 section 6).
   */
  readonly sessionOwed?: boolean;
}

/**
 * - `malformed`: it is not laid out as XEP-0384 says.
 * - `no-session`: no session with this device, or one that is kept no more.
 * - `not-authentic`: no session of this device reads it.
 * - `too-many-skipped`: it is further ahead than a session bridges; the session has to be replaced.
 * - `unknown-pre-key`, `unknown-signed-pre-key`: a key exchange on a key that is gone or never was.
 * - `rate-limited`: a key exchange of a stranger, of whom too many came lately (S17); nothing is consumed, and it can be read
 *   later, or once the account is written to or a key of it accepted.
 * - `identity-changed`: the device id shows another identity key than before; see `Omemo.setTrust`.
 * - `payload-missing`: content was announced and did not come along (S33).
 * - `wrong-stanza`: it came in an IQ and is no content of one, as if somebody had moved it there out of a message.
 */
export type FailureCode =
  | 'malformed'
  | 'no-session'
  | 'not-authentic'
  | 'too-many-skipped'
  | 'unknown-pre-key'
  | 'unknown-signed-pre-key'
  | 'rate-limited'
  | 'identity-changed'
  | 'payload-missing'
  | 'wrong-stanza';

/**
 * Encrypted, and from an occupant of a room: a message to the room, or a private one through it. Who that is neither the room's
 * presence nor its archive says: hand it in again with `sender`, if you know. Nothing has changed; above all no session is
 * kept under the address of a room, or under that of somebody who had the nick at another time.
 */
export interface SenderUnknown extends Arrival {
  readonly type: 'sender-unknown';
}

/** A stanza that has nothing to do with OMEMO, or an empty message for another device of the account. */
export interface Ignored {
  readonly type: 'ignored';
}

/** A stanza that is no valid stanza, or one whose sender forged it (S50); nothing has changed. */
export interface InvalidStanza {
  readonly type: 'invalid';
  readonly cause: WireError;
}

export type DecryptResult =
  | ReadMessage
  | RejectedMessage
  | EmptyMessage
  | DuplicateMessage
  | NotForThisDevice
  | FailedMessage;
