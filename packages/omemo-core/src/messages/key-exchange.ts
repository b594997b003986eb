import { importKeyExchangeHeader, X3dhError } from '@omemo-kit/x3dh';
import { isReplay } from '../bundles/own-bundle.ts';
import { findSignedPreKey } from '../bundles/signed-pre-keys.ts';
import type { AccountContext } from '../context.ts';
import type { KeyContent } from '../profile/profile.ts';
import { type BundleRecord, bundleRecord, preKeyRecord } from '../records/bundle.ts';
import { sameBytes } from '../records/bytes.ts';
import type { TrustRecord } from '../records/trust.ts';
import { acceptSession } from '../sessions/establish.ts';
import type { Session, SessionSet } from '../sessions/session.ts';
import { findSession } from '../sessions/session-set.ts';
import type { SessionContext } from '../sessions/step.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { afterKeyExchange, isStranger, strangersIn } from '../strangers/stranger.ts';
import { knownDevice } from '../trust/known-keys.ts';
import type { DeviceAddress } from './addresses.ts';
import type { FailureCode } from './results.ts';

export type KeyExchangeContent = Extract<KeyContent, { type: 'key-exchange' }>;

/** The session that a key exchange leads to, and for a new one the bundle whose pre-key it uses. */
export type FoundSession =
  | { readonly kind: 'existing'; readonly session: Session }
  | { readonly kind: 'built'; readonly session: Session; readonly bundle: BundleRecord };

/** What a key exchange asks for. */
export type KeyExchangeOutcome =
  | FoundSession
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly cause?: unknown };

/**
 * Finds or builds the session of a received key exchange; nothing is written. The same ephemeral key means the session
 * it built is used and only the inner message is read (XEP-0384 4.3). Another one that leads to the same secret is the
 * same key exchange in another encoding (S05); one whose pre-key is kept and has seen that secret is refused (S15).
 */
export async function resolveKeyExchange(
  context: AccountContext,
  unit: UnitOfWork,
  input: {
    readonly step: SessionContext;
    readonly content: KeyExchangeContent;
    readonly device: DeviceAddress;
    readonly set: SessionSet;
    readonly trust: TrustRecord | undefined;
  },
): Promise<KeyExchangeOutcome> {
  const { step, content, device, set, trust } = input;
  const known = knownDevice(trust, device.deviceId);
  const header = readHeaderOf(content, known?.identityKey);
  if ('refused' in header) return { kind: 'refused', code: 'malformed', cause: header.refused };
  const repeated = set.sessions.find(
    ({ role, ephemeralKey, identityKey }) =>
      role === 'recipient' &&
      sameBytes(ephemeralKey, header.ephemeralKey) &&
      sameBytes(identityKey, header.identityKey),
  );
  if (repeated !== undefined) return { kind: 'existing', session: repeated };

  const bundle = await unit.get(bundleRecord, context.keys.bundle);
  const time = { now: context.now(), period: context.limits.signedPreKeyPeriod };
  const signedPreKey = bundle && findSignedPreKey(bundle, header.signedPreKeyId, time);
  if (bundle === undefined || signedPreKey === undefined) return { kind: 'refused', code: 'unknown-signed-pre-key' };
  const preKey = await unit.get(preKeyRecord, context.keys.preKey(header.preKeyId));
  if (preKey === undefined) return { kind: 'refused', code: 'unknown-pre-key' };
  // Before any Diffie-Hellman: a flood of them costs nothing but the look into the store.
  if (isStranger(context, device.jid, trust)) {
    const left = afterKeyExchange(context, await strangersIn(context, unit));
    if (left === undefined) return { kind: 'refused', code: 'rate-limited' };
  }
  let session: Session;
  try {
    session = acceptSession(step, { signedPreKey, preKey }, header);
  } catch (cause) {
    // A low-order key makes a secret of zeros, which the key agreement refuses (S01).
    return { kind: 'refused', code: 'not-authentic', cause };
  }
  const alias = findSession(set, session.id);
  if (alias !== undefined) return { kind: 'existing', session: alias };
  // It was read, and its session had to make room since; building it again would roll it back (S15).
  if (isReplay(bundle, header.preKeyId, session.id)) return { kind: 'refused', code: 'no-session' };
  return { kind: 'built', session, bundle };
}

function readHeaderOf(content: KeyExchangeContent, known: Parameters<typeof importKeyExchangeHeader>[1]) {
  try {
    return importKeyExchangeHeader(content.header, known);
  } catch (error) {
    if (error instanceof X3dhError) return { refused: error };
    throw error;
  }
}
