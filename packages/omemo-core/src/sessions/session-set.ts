import { sameBytes } from '../records/bytes.ts';
import type { Session, SessionSet } from './session.ts';

/** Sessions kept for one device: the sending one and four to read from. */
const MAX_SESSIONS = 5;

/**
 * The session to send with, if any.
 *
 * Normally one session is not retired. Two are when both sides started at once: then the proven one sends, of two
 * proven ones the one with the smaller ephemeral key, so that both sides settle on the same; while none is proven, the
 * newest, which is the peer's (XEP-0384 5.6).
 */
export function sendingSession({ sessions }: Pick<SessionSet, 'sessions'>): Session | undefined {
  const live = sessions.filter((session) => !session.retired);
  const proven = live.filter((session) => session.proven);
  if (proven.length === 0) return live[0];
  return proven.reduce((best, session) => (comparesBelow(session.ephemeralKey, best.ephemeralKey) ? session : best));
}

/**
 * The session to send with to a device whose identity key is this one. One made with another identity key is not used:
 * the key changed, and the new one was accepted since.
 */
export function sessionWith(set: SessionSet, identityKey: Uint8Array | undefined): Session | undefined {
  if (identityKey === undefined) return sendingSession(set);
  return sendingSession({ sessions: set.sessions.filter((one) => sameBytes(one.identityKey, identityKey)) });
}

/** The set with a session we start ourselves: it replaces the others at once. */
export function withInitiated(set: SessionSet, session: Session): SessionSet {
  return { ...set, sessions: trimmed([session, ...set.sessions.map(retired)]) };
}

/**
 * The set with a session that the device's key exchange built. It replaces what was there (XEP-0384 5.6), except a
 * session of our own that the device has not answered: its key exchange may have crossed ours, so both stay. The device
 * is owed an answer (section 6).
 */
export function withAccepted(set: SessionSet, session: Session): SessionSet {
  const others = set.sessions.map((other) =>
    other.role === 'initiator' && !other.proven && !other.retired ? other : retired(other),
  );
  return { sessions: trimmed([session, ...others]), answerOwed: true };
}

/** The set with one session's next state in its place. */
export function withStep(set: SessionSet, next: Session): SessionSet {
  return { ...set, sessions: set.sessions.map((session) => (sameBytes(session.id, next.id) ? next : session)) };
}

/**
 * No session of the set sends any more: a manual replacement (XEP-0384 section 6). The device is to hear of it.
 */
export function retireAll(set: SessionSet): SessionSet {
  return { sessions: set.sessions.map(retired), answerOwed: true };
}

/** What `before` held and `after` does not: their skipped keys are to go too. */
export function evictedSessions(before: SessionSet, after: SessionSet): readonly Session[] {
  return before.sessions.filter((old) => !after.sessions.some((kept) => sameBytes(kept.id, old.id)));
}

export function findSession(set: SessionSet, id: Uint8Array): Session | undefined {
  return set.sessions.find((session) => sameBytes(session.id, id));
}

function retired(session: Session): Session {
  return session.retired ? session : { ...session, retired: true };
}

function trimmed(sessions: readonly Session[]): readonly Session[] {
  if (sessions.length <= MAX_SESSIONS) return sessions;
  // Never the one that sends, nor the newest proven one: what is still under way belongs to that one.
  const kept = new Set([sendingSession({ sessions }), sessions.find((session) => session.proven), sessions[0]]);
  const victim = sessions.findLast((session) => !kept.has(session));
  return trimmed(sessions.filter((session) => session !== victim));
}

/** Byte order of two public keys of the same length. */
function comparesBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (const [index, byte] of a.entries()) {
    const other = b[index] as number;
    if (byte !== other) return byte < other;
  }
  return false;
}
