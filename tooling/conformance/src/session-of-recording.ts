import type { Session } from '@omemo-kit/omemo-core';
import { sessionSetRecord } from '@omemo-kit/omemo-core/records';
import { constantTimeEqual, type Ed25519PublicKey } from '@omemo-kit/primitives';
import type { Comparison } from './comparison.ts';
import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';
import type { Address } from './recorded-device.ts';
import { compareState, type SessionState } from './recorded-state.ts';
import type { ReplayedDevice } from './replayed-device.ts';

/** Who a session is with, and who we are in it. */
export interface SessionEnds {
  readonly device: ReplayedDevice;
  readonly ownIdentityKey: Ed25519PublicKey;
  readonly other: Address;
}

/** A recorded state against the stored session that it is about: the one with its ephemeral key and initiator. */
export async function compareStoredState(compare: Comparison, ends: SessionEnds, recorded: Recorded): Promise<void> {
  const { device, other } = ends;
  const initiator = recorded.get('ik_initiator').text();
  const ephemeralKey = recorded.get('ek').text();
  const session = (await device.records.sessions(other)).find(
    (one) => toHex(one.ephemeralKey) === ephemeralKey && toHex(endsOf(one, ends).initiatorIdentityKey) === initiator,
  );
  if (session === undefined) return compare.differ(`there is no session with ek ${ephemeralKey}`);
  compareState(compare, await stateOf(session, ends), recorded);
}

async function stateOf(session: Session, ends: SessionEnds): Promise<SessionState> {
  const { role, confirmed, ephemeralKey, signedPreKeyId, preKeyId, ratchet } = session;
  return {
    ...{ role, confirmed, ephemeralKey, signedPreKeyId, preKeyId, ratchet },
    ...endsOf(session, ends),
    skipped: await ends.device.records.skipped(ends.other, session),
  };
}

function endsOf(session: Session, { ownIdentityKey }: SessionEnds) {
  return session.role === 'initiator'
    ? { initiatorIdentityKey: ownIdentityKey, recipientIdentityKey: session.identityKey }
    : { initiatorIdentityKey: session.identityKey, recipientIdentityKey: ownIdentityKey };
}

/** Whether a session was not there before. */
export function isNew(session: Session | undefined, before: readonly Session[]): boolean {
  return session !== undefined && !before.some(({ id }) => constantTimeEqual(id, session.id));
}

/** Whether two sessions are the same to the last bit. */
export function isSame(a: Session | undefined, b: Session | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const bytes = (session: Session) =>
    sessionSetRecord.encode({
      sessions: [session],
      lastHeard: undefined,
      heardInARow: 0,
      answerOwed: false,
      startedAt: undefined,
      unanswered: 0,
    });
  return constantTimeEqual(bytes(a), bytes(b));
}
