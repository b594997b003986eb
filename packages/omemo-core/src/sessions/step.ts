import {
  type RatchetRandomness,
  ratchetDecrypt,
  ratchetEncrypt,
  type SkippedMessageKey,
} from '@omemo-kit/double-ratchet';
import type { IdentityKeyPair } from '@omemo-kit/primitives';
import type { X3dhRandomness } from '@omemo-kit/x3dh';
import type { Limits } from '../limits.ts';
import type { ProtocolProfile } from '../profile/profile.ts';
import type { Session } from './session.ts';

/** What every step needs besides the session: who we are and the rules of the protocol version. */
export interface SessionContext {
  readonly identityKeyPair: IdentityKeyPair;
  readonly profile: ProtocolProfile;
  readonly limits: Limits;
  readonly randomness: X3dhRandomness & RatchetRandomness;
}

/** Identity keys by who started the session. */
function associatedData(
  { profile, identityKeyPair: { publicKey: own } }: SessionContext,
  session: Session,
): Uint8Array {
  const other = session.identityKey;
  return profile.associatedData(
    session.role === 'initiator' ? { initiator: own, recipient: other } : { initiator: other, recipient: own },
  );
}

export interface EncryptedKey {
  readonly session: Session;
  /** Content of the `<key>` element. */
  readonly content: Uint8Array;
  /** `content` is an OMEMOKeyExchange. */
  readonly keyExchange: boolean;
}

/** Encrypts to the device; with the key exchange in front until the device has answered (XEP-0384 4.2, R18; 4.3, R36, R37). */
export function encryptInSession(context: SessionContext, session: Session, plaintext: Uint8Array): EncryptedKey {
  const { identityKeyPair, profile } = context;
  const { state, message } = ratchetEncrypt({
    state: session.ratchet,
    plaintext,
    associatedData: associatedData(context, session),
    aead: profile.messageAead,
    parameters: profile.ratchetParameters(context.limits),
  });
  const next = { ...session, ratchet: state };
  if (session.role === 'recipient' || session.confirmed) return { session: next, content: message, keyExchange: false };
  const header = {
    identityKey: identityKeyPair.publicKey,
    ephemeralKey: session.ephemeralKey,
    signedPreKeyId: session.signedPreKeyId,
    preKeyId: session.preKeyId,
  };
  const content = profile.keys.writeKeyExchange({ header, message });
  return { session: next, content, keyExchange: true };
}

export interface DecryptedKey {
  readonly session: Session;
  readonly plaintext: Uint8Array;
  /** `late`: messages of its session that were sent after it were read before it. */
  readonly order: 'current' | 'late';
  readonly add: readonly SkippedMessageKey[];
  readonly remove: readonly SkippedMessageKey[];
  /** So many of the oldest stored skipped keys are to go. */
  readonly evict: number;
}

export interface ReceivedKey {
  /** Encoded OMEMOAuthenticatedMessage. */
  readonly message: Uint8Array;
  /** It came inside a key exchange. */
  readonly keyExchange: boolean;
  /** The session was made by this very message. */
  readonly built: boolean;
  readonly skippedMessageKey: SkippedMessageKey | undefined;
}

/** @throws RatchetError or WireError, and the session is as it was. */
export function decryptInSession(context: SessionContext, session: Session, received: ReceivedKey): DecryptedKey {
  const { profile } = context;
  const { state, plaintext, add, remove, evict } = ratchetDecrypt({
    state: session.ratchet,
    header: profile.keys.readHeader(received.message),
    message: received.message,
    associatedData: associatedData(context, session),
    aead: profile.messageAead,
    parameters: profile.ratchetParameters(context.limits),
    randomness: context.randomness,
    ...(received.skippedMessageKey === undefined ? {} : { skippedMessageKey: received.skippedMessageKey }),
  });
  return {
    session: {
      ...session,
      ratchet: state,
      received: session.received + 1,
      confirmed: session.confirmed || !received.built,
      proven: session.proven || !received.keyExchange,
    },
    plaintext,
    // Only a message that is not late moves the receiving chain; states are immutable, so that identity tells.
    order: state.receivingChain === session.ratchet.receivingChain ? 'late' : 'current',
    add,
    remove,
    evict,
  };
}
