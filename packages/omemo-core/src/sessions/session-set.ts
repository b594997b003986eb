import { sameBytes } from '../records/bytes.ts';
import type { Session, SessionSet, Standing } from './session.ts';

/** Sessions kept for one device: the sending one and four to read from. */
const MAX_SESSIONS = 5;

/** The session to send with: of those that may, the one used last. */
export function sendingSession({ sessions }: Pick<SessionSet, 'sessions'>): Session | undefined {
  return sessions.find(maySend);
}

function maySend({ standing }: Session): boolean {
  return standing === 'live';
}

/**
 * The session to send with to a device whose identity key is this one. One made with another identity key is not used:
 * the key changed, and the new one was accepted since. Without a key that is known there is none: nobody can have decided on it (R124).
 */
export function sessionWith({ sessions }: SessionSet, identityKey: Uint8Array | undefined): Session | undefined {
  if (identityKey === undefined) return undefined;
  return sessions.find((one) => maySend(one) && sameBytes(one.identityKey, identityKey));
}

/** The set with a session we start ourselves: it replaces the others for good. */
export function withInitiated(set: SessionSet, session: Session): SessionSet {
  return { ...set, sessions: trimmed([session, ...set.sessions.map((other) => standingAs(other, 'retired'))]) };
}

/**
 * The set with a session that the device's key exchange built. It replaces what was there (XEP-0384 5.6), except a
 * session of our own that the device has not answered: its key exchange may have crossed ours, so both stay. The device
 * is owed an answer (section 6).
 */
export function withAccepted(set: SessionSet, session: Session): SessionSet {
  const others = set.sessions.map((other) => {
    if (other.role === 'recipient') return standingAs(other, 'retired');
    return other.standing === 'live' && other.proven ? standingAs(other, 'replaced') : other;
  });
  const heard = { lastHeard: session.id, heardInARow: 1, unanswered: 0 };
  return { ...set, ...heard, sessions: trimmed([session, ...others]), answerOwed: true };
}

/** The set with one session's next state in its place. */
export function withStep(set: SessionSet, next: Session): SessionSet {
  return { ...set, sessions: set.sessions.map((session) => (sameBytes(session.id, next.id) ? next : session)) };
}

/** No session of the set sends any more: a manual replacement (XEP-0384 section 6). The device is to hear of it. */
export function retireAll(set: SessionSet): SessionSet {
  const sessions = set.sessions.map((session) => standingAs(session, 'retired'));
  return { ...set, sessions, answerOwed: true, unanswered: 0 };
}

/** All that there is are sessions of our own that the device has not answered: it may know none of them. */
export function isUnanswered({ sessions }: SessionSet): boolean {
  return sessions.length > 0 && sessions.every(({ role, confirmed }) => role === 'initiator' && !confirmed);
}

/** What `before` held and `after` does not: their skipped keys are to go too. */
export function evictedSessions(before: SessionSet, after: SessionSet): readonly Session[] {
  return before.sessions.filter((old) => findSession(after, old.id) === undefined);
}

export function findSession(set: SessionSet, id: Uint8Array): Session | undefined {
  return set.sessions.find((session) => sameBytes(session.id, id));
}

export function standingAs(session: Session, standing: Standing): Session {
  return session.standing === standing ? session : { ...session, standing };
}

function trimmed(sessions: readonly Session[]): readonly Session[] {
  if (sessions.length <= MAX_SESSIONS) return sessions;
  // Never the one that sends, nor the newest proven one: what is still under way belongs to that one.
  const kept = new Set([sendingSession({ sessions }), sessions.find((session) => session.proven), sessions[0]]);
  const victim = sessions.findLast((session) => !kept.has(session));
  return trimmed(sessions.filter((session) => session !== victim));
}
