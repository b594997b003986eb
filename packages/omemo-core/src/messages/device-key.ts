import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { VerifiedBundle } from '@omemo-kit/x3dh';
import { sameBytes } from '../records/bytes.ts';
import { initiateSession } from '../sessions/establish.ts';
import { noSessions, type SessionSet } from '../sessions/session.ts';
import { sessionWith, withInitiated, withStep } from '../sessions/session-set.ts';
import type { PreparedStart } from '../sessions/start-ahead.ts';
import { encryptInSession, type SessionContext } from '../sessions/step.ts';

/** One `<key>` of a message and the sessions as they are after it. */
export interface DeviceKey {
  readonly jid: BareJid;
  readonly rid: number;
  readonly kex: boolean;
  readonly content: Uint8Array;
  readonly set: SessionSet;
  readonly before: SessionSet;
}

export interface DeviceKeyInput {
  readonly jid: BareJid;
  readonly deviceId: number;
  readonly set: SessionSet | undefined;
  /** The identity key the device is known by; without one nothing is built. */
  readonly identityKey: Ed25519PublicKey | undefined;
  /** Used when there is no session to send with. */
  readonly bundle: VerifiedBundle | undefined;
  readonly keyMaterial: Uint8Array;
  /** What was drawn and computed ahead for a session from `bundle`. */
  readonly start?: PreparedStart | undefined;
}

/** Encrypts key material to one device; undefined when there is neither a session nor a bundle to build one from. */
export function keyForDevice(context: SessionContext, input: DeviceKeyInput): DeviceKey | undefined {
  const before = input.set ?? noSessions;
  const existing = sessionWith(before, input.identityKey);
  const bundle = startsFrom(input);
  const session = existing ?? (bundle && initiateSession(context, bundle, input.start));
  if (session === undefined) return undefined;
  const { session: next, content, keyExchange } = encryptInSession(context, session, input.keyMaterial);
  const set = existing === undefined ? withInitiated(before, next) : withStep(before, next);
  const answered = { ...set, answerOwed: false, unanswered: before.unanswered + 1 };
  return { jid: input.jid, rid: input.deviceId, kex: keyExchange, content, set: answered, before };
}

/**
 * The bundle that a session is to be started from; undefined where there is a session, or nothing to start one from. A bundle with another
 * identity key than the device is known by is never used: what was decided is about that key.
 */
export function startsFrom(input: Pick<DeviceKeyInput, 'set' | 'identityKey' | 'bundle'>): VerifiedBundle | undefined {
  const { set, identityKey, bundle } = input;
  if (bundle === undefined || identityKey === undefined) return undefined;
  if (sessionWith(set ?? noSessions, identityKey) !== undefined) return undefined;
  return sameBytes(bundle.identityKey, identityKey) ? bundle : undefined;
}
