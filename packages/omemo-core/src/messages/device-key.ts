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

/** A device as its sessions are stored. */
export interface KeyedDevice {
  readonly jid: BareJid;
  readonly deviceId: number;
  readonly set: SessionSet | undefined;
  /** The identity key the device is known by; without one nothing is built. */
  readonly identityKey: Ed25519PublicKey | undefined;
}

export interface DeviceKeyInput {
  /** Used when there is no session to send with. */
  readonly bundle: VerifiedBundle | undefined;
  readonly keyMaterial: Uint8Array;
  /** What was drawn and computed ahead for a session from `bundle`. */
  readonly start?: PreparedStart | undefined;
}

/** Encrypts key material to one device; undefined when there is neither a session nor a bundle to build one from. */
export function keyForDevice(
  context: SessionContext,
  device: KeyedDevice,
  { bundle, keyMaterial, start }: DeviceKeyInput,
): DeviceKey | undefined {
  const { jid, deviceId: rid, set: before = noSessions } = device;
  const existing = sessionWith(before, device.identityKey);
  const usable = startsFrom(device, bundle);
  const session = existing ?? (usable && initiateSession(context, usable, start));
  if (session === undefined) return undefined;
  const { session: next, content, keyExchange: kex } = encryptInSession(context, session, keyMaterial);
  const after = existing === undefined ? withInitiated(before, next) : withStep(before, next);
  const set = { ...after, answerOwed: false, unanswered: before.unanswered + 1 };
  return { jid, rid, kex, content, set, before };
}

/**
 * The bundle that a session is to be started from; undefined where there is a session, or nothing to start one from. A bundle with another
 * identity key than the device is known by is never used: what was decided is about that key.
 */
export function startsFrom(
  { set = noSessions, identityKey }: Pick<KeyedDevice, 'set' | 'identityKey'>,
  bundle: VerifiedBundle | undefined,
): VerifiedBundle | undefined {
  if (bundle === undefined || identityKey === undefined) return undefined;
  if (sessionWith(set, identityKey) !== undefined) return undefined;
  return sameBytes(bundle.identityKey, identityKey) ? bundle : undefined;
}
