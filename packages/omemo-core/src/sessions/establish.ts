import { initiatorState, recipientState } from '@omemo-kit/double-ratchet';
import { concatBytes, type Secret, sha256 } from '@omemo-kit/primitives';
import {
  accept,
  initiate,
  type KeyExchangeHeader,
  type PreKeyPair,
  type SignedPreKeyPair,
  type VerifiedBundle,
} from '@omemo-kit/x3dh';
import type { Session } from './session.ts';
import type { PreparedStart } from './start-ahead.ts';
import type { SessionContext } from './step.ts';

/**
 * A new session with a device, from its verified bundle, on one of its pre-keys drawn at random (XEP-0384 4.2, R06, R10, R16; 4.3,
 * R19; 5.4, R69).
 *
 * @param start what was drawn and computed ahead for this session.
 */
export function initiateSession(context: SessionContext, bundle: VerifiedBundle, start?: PreparedStart): Session {
  const { identityKeyPair, profile } = context;
  const { randomness, curve } = start ?? { randomness: context.randomness };
  const agreed = initiate({ identityKeyPair, bundle, info: profile.keyExchangeInfo, randomness, curve });
  return {
    id: sessionId(agreed.sharedSecret),
    role: 'initiator',
    identityKey: bundle.identityKey,
    ephemeralKey: agreed.header.ephemeralKey,
    signedPreKeyId: agreed.header.signedPreKeyId,
    preKeyId: agreed.header.preKeyId,
    confirmed: false,
    proven: false,
    standing: 'live',
    heartbeatFor: undefined,
    received: 0,
    ratchet: initiatorState({
      sharedSecret: agreed.sharedSecret,
      otherRatchetKey: agreed.signedPreKey,
      parameters: profile.ratchetParameters(context.limits),
      randomness,
      curve,
    }),
  };
}

/**
 * The session that a device's key exchange asks for; without a pre-key there is none (XEP-0384 4.2, R07). Its first message is
 * still to be read: nothing is proven yet.
 */
export function acceptSession(
  context: SessionContext,
  keys: { readonly signedPreKey: SignedPreKeyPair; readonly preKey: PreKeyPair },
  header: KeyExchangeHeader,
): Session {
  const { identityKeyPair, profile } = context;
  const agreed = accept({ identityKeyPair, ...keys, header, info: profile.keyExchangeInfo });
  return {
    id: sessionId(agreed.sharedSecret),
    role: 'recipient',
    identityKey: header.identityKey,
    ephemeralKey: header.ephemeralKey,
    signedPreKeyId: header.signedPreKeyId,
    preKeyId: header.preKeyId,
    confirmed: false,
    proven: false,
    standing: 'live',
    heartbeatFor: undefined,
    received: 0,
    ratchet: recipientState({ sharedSecret: agreed.sharedSecret, ownRatchetKey: keys.signedPreKey.keyPair }),
  };
}

/** A session is known by a hash of its secret, which all encodings of an ephemeral key share (S05). */
function sessionId(sharedSecret: Secret): Uint8Array {
  return sha256(concatBytes(SESSION_ID_LABEL, sharedSecret.expose()));
}

const SESSION_ID_LABEL = new TextEncoder().encode('omemo-kit session id');
