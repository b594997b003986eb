import { sameBytes } from '../records/bytes.ts';
import { owesHeartbeat } from './heartbeat.ts';
import type { Session, SessionSet, Standing } from './session.ts';

/** Sessions kept for one device: the sending one and four to read from. */
const MAX_SESSIONS = 5;

/** The session to send with: of those that may, the one used last. */
export function sendingSession({ sessions }: Pick<SessionSet, 'sessions'>): Session | undefined {
  return sessions.find(({ standing }) => standing === 'live');
}

/**
 * The session to send with to a device whose identity key is this one. One made with another identity key is not used:
 * the key changed, and the new one was accepted since.
 */
export function sessionWith({ sessions }: SessionSet, identityKey: Uint8Array | undefined): Session | undefined {
  if (identityKey === undefined) return sendingSession({ sessions });
  return sendingSession({ sessions: sessions.filter((one) => sameBytes(one.identityKey, identityKey)) });
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
  return { sessions: trimmed([session, ...others]), lastHeard: session.id, heardInARow: 1, answerOwed: true };
}

/** The set with one session's next state in its place. */
export function withStep(set: SessionSet, next: Session): SessionSet {
  return { ...set, sessions: set.sessions.map((session) => (sameBytes(session.id, next.id) ? next : session)) };
}

/**
 * The set after a message of the device was read over one of its sessions. What the device uses we use: it may know only
 * one session, and after crossed or late key exchanges that is not always the one we took for it (X20). A heartbeat that
 * this message makes due is owed as any answer is.
 *
 * @param order `late` for a message that others of its session overtook: it says nothing about now.
 */
export function withHeard(set: SessionSet, next: Session, order: 'current' | 'late'): SessionSet {
  if (owesHeartbeat(next)) {
    const noted = { ...next, heartbeatFor: next.ratchet.otherRatchetKey };
    return { ...withHeard(set, noted, order), answerOwed: true };
  }
  const stepped = withStep(set, next);
  if (order === 'late') return stepped;
  const again = set.lastHeard !== undefined && sameBytes(set.lastHeard, next.id);
  const heardInARow = again ? set.heardInARow + 1 : 1;
  const { sessions } = stepped;
  const taken = takesOver(next, { sending: sendingSession(stepped), heardInARow })
    ? [standingAs(next, 'live'), ...sessions.filter((other) => !sameBytes(other.id, next.id))]
    : sessions;
  return { ...stepped, sessions: taken, lastHeard: next.id, heardInARow };
}

/** Messages over a replaced session that show that the device uses it, and are not just late. */
const REPLACED_COMES_BACK = 3;

/**
 * Whether a session becomes the sending one because the device used it. A live one does at once where ours is unproven or
 * has the larger ephemeral key, so that of two sides that change over to each other at the same moment only one does so
 * again and they meet; otherwise with the second message in a row. A replaced one does when the device goes on with it
 * though it was written to over the other: it took the key exchange that replaced it back.
 */
function takesOver(
  heard: Session,
  now: { readonly sending: Session | undefined; readonly heardInARow: number },
): boolean {
  const { sending, heardInARow } = now;
  if (sending === undefined || sameBytes(sending.id, heard.id) || heard.standing === 'retired') return false;
  if (heard.standing === 'replaced') {
    return heardInARow >= REPLACED_COMES_BACK && (sending.ratchet.sendingChain?.messageNumber ?? 0) > 0;
  }
  if (heardInARow > 1 || (heard.proven && !sending.proven)) return true;
  return comparesBelow(heard.ephemeralKey, sending.ephemeralKey);
}

/** No session of the set sends any more: a manual replacement (XEP-0384 section 6). The device is to hear of it. */
export function retireAll(set: SessionSet): SessionSet {
  return { ...set, sessions: set.sessions.map((session) => standingAs(session, 'retired')), answerOwed: true };
}

/** What `before` held and `after` does not: their skipped keys are to go too. */
export function evictedSessions(before: SessionSet, after: SessionSet): readonly Session[] {
  return before.sessions.filter((old) => findSession(after, old.id) === undefined);
}

export function findSession(set: SessionSet, id: Uint8Array): Session | undefined {
  return set.sessions.find((session) => sameBytes(session.id, id));
}

function standingAs(session: Session, standing: Standing): Session {
  return session.standing === standing ? session : { ...session, standing };
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
