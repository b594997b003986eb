import { RatchetError, type SkippedMessageKey } from '@omemo-kit/double-ratchet';
import { WireError } from '@omemo-kit/omemo-wire';
import { OmemoError } from '../errors.ts';
import { sameBytes } from '../records/bytes.ts';
import type { Session } from './session.ts';
import { sendingSession } from './session-set.ts';
import { type DecryptedKey, decryptInSession, type SessionContext } from './step.ts';

/** Why no session read a message. */
export class UnreadableKey extends OmemoError {
  readonly reason: 'not-authentic' | 'key-used' | 'too-many-skipped';

  constructor(reason: UnreadableKey['reason'], cause: unknown) {
    // One text whatever failed: it must not tell an attacker how far a forgery got (S36).
    super('not-authentic', 'no session reads this message', { cause });
    this.reason = reason;
  }
}

export interface KeyToOpen {
  /** Encoded OMEMOAuthenticatedMessage. */
  readonly message: Uint8Array;
  readonly keyExchange: boolean;
  /** The session that this message's own key exchange made, if it made one: then no other is tried. */
  readonly built: Session | undefined;
  readonly sessions: readonly Session[];
  readonly skipped: ReadonlyMap<Session, SkippedMessageKey>;
}

/**
 * Opens a key with the session it belongs to. A session that knows the ratchet key is tried first; a new ratchet key
 * can belong to any, so that the sending one is asked first and the kept ones after it. Each try works on immutable
 * state and leaves no trace.
 *
 * @throws UnreadableKey
 */
export function openKey(context: SessionContext, key: KeyToOpen): DecryptedKey {
  const reasons = new Set<UnreadableKey['reason']>();
  let firstCause: unknown;
  for (const session of inLikelyOrder(key, context.profile.keys.readHeader(key.message).ratchetKey)) {
    try {
      return decryptInSession(context, session, {
        message: key.message,
        keyExchange: key.keyExchange,
        built: session === key.built,
        skippedMessageKey: key.skipped.get(session),
      });
    } catch (error) {
      reasons.add(reasonOf(error));
      firstCause ??= error;
    }
  }
  // "Used" and "too far" say more than "not this one" of the other sessions.
  const reason = reasons.has('key-used')
    ? 'key-used'
    : reasons.has('too-many-skipped')
      ? 'too-many-skipped'
      : undefined;
  throw new UnreadableKey(reason ?? 'not-authentic', firstCause);
}

function inLikelyOrder({ built, sessions, skipped }: KeyToOpen, ratchetKey: Uint8Array): readonly Session[] {
  if (built !== undefined) return [built];
  const knows = ({ ratchet }: Session) =>
    [ratchet.otherRatchetKey, ratchet.heldMessageKey?.ratchetKey].some((key) => key && sameBytes(key, ratchetKey));
  const rank = (session: Session) =>
    skipped.has(session) || knows(session) ? 0 : session === sendingSession({ sessions }) ? 1 : 2;
  return [...sessions].sort((a, b) => rank(a) - rank(b));
}

function reasonOf(error: unknown): UnreadableKey['reason'] {
  if (error instanceof RatchetError) {
    if (error.code === 'message-key-unavailable') return 'key-used';
    if (error.code === 'too-many-skipped') return 'too-many-skipped';
    return 'not-authentic';
  }
  if (error instanceof WireError || error instanceof OmemoError) return 'not-authentic';
  throw error;
}
