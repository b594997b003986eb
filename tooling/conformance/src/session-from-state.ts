import type { Session } from '@omemo-kit/omemo-core';
import type { SkippedRecord } from '@omemo-kit/omemo-core/records';
import { importEd25519PublicKey, importX25519PublicKey, Secret, sha256, x25519KeyPair } from '@omemo-kit/primitives';
import type { Recorded } from './recorded.ts';

/** A recorded state as a session to put into a store, with its skipped keys. */
export interface StoredSession {
  readonly session: Session;
  readonly skipped: readonly SkippedRecord[];
}

/** @param otherIdentityKey of the device that the session is with, 32 Ed25519 bytes. */
export function sessionFromState(recorded: Recorded, otherIdentityKey: Uint8Array): StoredSession {
  const ephemeralKey = recorded.get('ek').bytes();
  const confirmed = recorded.get('confirmed').flag();
  const skipped = recorded.get('skipped').items().map(skippedKey);
  const session: Session = {
    // The key agreement behind a recorded state is not recorded; anything unique will do.
    id: sha256(ephemeralKey),
    role: recorded.get('initiation').oneOf('active', 'passive') === 'active' ? 'initiator' : 'recipient',
    identityKey: importEd25519PublicKey(otherIdentityKey),
    ephemeralKey: importX25519PublicKey(ephemeralKey),
    signedPreKeyId: recorded.get('spk_id').count(),
    preKeyId: recorded.get('pk_id').count(),
    confirmed,
    proven: confirmed,
    standing: 'live',
    heartbeatFor: undefined,
    received: 0,
    ratchet: {
      rootKey: new Secret(recorded.get('root_key').bytes()),
      ownRatchetKey: x25519KeyPair(recorded.get('own_ratchet_priv').bytes()),
      otherRatchetKey: importX25519PublicKey(recorded.get('other_ratchet_pub').bytes()),
      sendingChain: chain(recorded.get('sending')),
      receivingChain: chain(recorded.get('receiving')),
      previousChainLength: recorded.get('pn').count(),
      heldMessageKey: undefined,
      skippedCount: skipped.length,
      skippedSequence: skipped.length,
    },
  };
  return { session, skipped };
}

function chain(recorded: Recorded) {
  if (recorded.isNull) return undefined;
  return { key: new Secret(recorded.get('key').bytes()), messageNumber: recorded.get('n').count() };
}

function skippedKey(recorded: Recorded, sequence: number): SkippedRecord {
  return {
    ratchetKey: recorded.get('dh_pub').bytes(),
    messageNumber: recorded.get('n').count(),
    messageKey: new Secret(recorded.get('message_key').bytes()),
    sequence,
    storedAt: 0,
  };
}
