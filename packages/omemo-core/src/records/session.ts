import type { ChainState, HeldMessageKey, RatchetState } from '@omemo-kit/double-ratchet';
import type { X25519PublicKey } from '@omemo-kit/primitives';
import type { Session, SessionSet } from '../sessions/session.ts';
import { keyPair } from './bundle.ts';
import { fixedBytes, flag, list, mapped, oneOf, optional, recordCodec, secret, struct, u32, u53 } from './codec.ts';
import { identityKeyField } from './trust.ts';

const publicKey = mapped(
  fixedBytes(32),
  (stored) => stored as X25519PublicKey,
  (key: X25519PublicKey) => key as Uint8Array,
);

const chain = struct<ChainState>({ key: secret, messageNumber: u32 });

const ratchet = struct<RatchetState>({
  rootKey: secret,
  ownRatchetKey: keyPair,
  otherRatchetKey: optional(publicKey),
  sendingChain: optional(chain),
  receivingChain: optional(chain),
  previousChainLength: u32,
  heldMessageKey: optional(
    struct<HeldMessageKey>({ ratchetKey: fixedBytes(32), messageNumber: u32, messageKey: secret }),
  ),
  skippedCount: u32,
  skippedSequence: u53,
});

/** The sessions with one device, at most five, newest first. */
export const sessionSetRecord = recordCodec<SessionSet>(
  1,
  struct<SessionSet>({
    lastHeard: optional(fixedBytes(32)),
    heardInARow: u53,
    answerOwed: flag,
    startedAt: optional(u53),
    unanswered: u32,
    sessions: list(
      struct<Session>({
        id: fixedBytes(32),
        role: oneOf('initiator', 'recipient'),
        identityKey: identityKeyField,
        ephemeralKey: publicKey,
        signedPreKeyId: u32,
        preKeyId: u32,
        confirmed: flag,
        proven: flag,
        standing: oneOf('live', 'replaced', 'retired'),
        heartbeatFor: optional(publicKey),
        received: u53,
        ratchet,
      }),
    ),
  }),
  { keep: true },
);
