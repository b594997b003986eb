import { sameBytes } from '../records/bytes.ts';
import { owesHeartbeat } from './heartbeat.ts';
import type { Session, SessionSet } from './session.ts';
import { retireAll, sendingSession, standingAs, withStep } from './session-set.ts';

/**
 * The set after a message of the device was read over one of its sessions. What the device uses we use: it may know only
 * one session, and after crossed or late key exchanges that is not always the one we took for it (X20). A heartbeat that
 * this message makes due is owed as any answer is.
 *
 * @param order `late` for a message that others of its session overtook: it says nothing about now.
 */
export function withHeard(set: SessionSet, heard: Session, order: 'current' | 'late'): SessionSet {
  const beats = owesHeartbeat(heard);
  const next = beats ? { ...heard, heartbeatFor: heard.ratchet.otherRatchetKey } : heard;
  const stepped = { ...withStep(set, next), answerOwed: set.answerOwed || beats, unanswered: 0 };
  if (order === 'late') return stepped;
  const again = set.lastHeard !== undefined && sameBytes(set.lastHeard, next.id);
  const heardInARow = again ? set.heardInARow + 1 : 1;
  const noted = { ...stepped, lastHeard: next.id, heardInARow };
  const consequence = consequenceOf(next, { sending: sendingSession(stepped), heardInARow });
  if (consequence === 'start-anew') return retireAll(noted);
  return consequence === 'take-over' ? withSending(noted, next) : noted;
}

function withSending(set: SessionSet, session: Session): SessionSet {
  const others = set.sessions.filter((other) => !sameBytes(other.id, session.id));
  return { ...set, sessions: [standingAs(session, 'live'), ...others] };
}

/** Messages in a row over a session we do not send with that show that the device uses it, and are not just late. */
const CONVINCED_AFTER = 3;

/**
 * What follows from the device having used a session that is not the one we send with.
 *
 * A live one takes over at once where ours is unproven or has the larger ephemeral key, so that of two sides that change
 * over to each other at the same moment only one does so again and they meet; otherwise with the second message in a row.
 * A replaced one takes over when the device goes on with it though it was written to over the other. A retired one never
 * sends again: if the device goes on with it so, neither side answers where it is written to, no ratchet turns any more,
 * and only a new session helps. One of ours that is on its way already gets twice the time.
 */
function consequenceOf(
  heard: Session,
  now: { readonly sending: Session | undefined; readonly heardInARow: number },
): 'none' | 'take-over' | 'start-anew' {
  const { sending, heardInARow } = now;
  if (sending === undefined || sameBytes(sending.id, heard.id)) return 'none';
  const unanswered = Math.min(heardInARow, sending.ratchet.sendingChain?.messageNumber ?? 0);
  const ignored = unanswered >= CONVINCED_AFTER;
  // Its key exchange may be on its way, or have come too late for its pre-key.
  const isNew = sending.role === 'initiator' && !sending.proven;
  switch (heard.standing) {
    case 'live':
      if (heardInARow > 1 || (heard.proven && !sending.proven)) return 'take-over';
      return comparesBelow(heard.ephemeralKey, sending.ephemeralKey) ? 'take-over' : 'none';
    case 'replaced':
      return ignored ? 'take-over' : 'none';
    case 'retired':
      return unanswered >= (isNew ? 2 : 1) * CONVINCED_AFTER ? 'start-anew' : 'none';
  }
}

/** Byte order of two public keys of the same length. */
function comparesBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (const [index, byte] of a.entries()) {
    const other = b[index] as number;
    if (byte !== other) return byte < other;
  }
  return false;
}
