import { type Ed25519PublicKey, ed25519ToX25519 } from '@omemo-kit/primitives';
import { sameBytes } from '../records/bytes.ts';
import type { ExpectedKey, KnownDevice, KnownIdentityKey, TrustLevel, TrustRecord } from '../records/trust.ts';
import { keyCopy } from './key-copy.ts';
import type { TrustPolicy } from './policy.ts';

export const noKeys: TrustRecord = { policy: undefined, writtenTo: false, keys: [], devices: [], expected: [] };

/** Level of an identity key; a key never seen is undecided. Trust never follows a device id (S22). */
export function trustIn(record: TrustRecord | undefined, identityKey: Uint8Array): TrustLevel {
  return record?.keys.find((known) => sameBytes(known.identityKey, identityKey))?.level ?? 'undecided';
}

export function knownDevice(record: TrustRecord | undefined, deviceId: number): KnownDevice | undefined {
  return record?.devices.find((device) => device.deviceId === deviceId);
}

/** The identity key that a device shows now: the one to decide on, and the one to show. */
export function shownKey(device: KnownDevice | undefined): Ed25519PublicKey | undefined {
  return device?.changedTo ?? device?.identityKey;
}

/**
 * What a device is worth: the level of the key it shows now. A key that it changed to counts only once it was accepted for this very
 * device, also where another device of the account has it and was trusted with it (S22).
 */
export function trustInDevice(record: TrustRecord | undefined, deviceId: number): TrustLevel {
  const device = knownDevice(record, deviceId);
  if (device === undefined || device.changedTo !== undefined) return 'undecided';
  return trustIn(record, device.identityKey);
}

export interface Sighting {
  readonly deviceId: number;
  readonly identityKey: Ed25519PublicKey;
}

/**
 * The record after identity keys were seen on devices of an account. A new key is judged by the policy, with what was
 * known before any of these sightings. A key that differs from the one its device had is never taken over: it is noted
 * as a change and waits for a person (S22), unless a person has rejected it: then it is no news. One whose fingerprint was compared
 * before is verified.
 *
 * @returns the same object when nothing is new.
 */
export function withSightings(
  record: TrustRecord,
  sightings: readonly Sighting[],
  judge: { readonly policy: TrustPolicy; readonly jid: string; readonly own: boolean; readonly now: number },
): TrustRecord {
  let { keys, devices, expected } = record;
  const verificationPending = expected.length > 0;
  const levelOf = (identityKey: Ed25519PublicKey, changed: boolean): KnownIdentityKey['level'] => {
    const compared = verificationPending ? ed25519ToX25519(identityKey) : undefined;
    const left = compared && expected.filter(({ curve25519 }) => !sameBytes(curve25519, compared));
    if (left !== undefined && left.length < expected.length) {
      expected = left;
      return 'verified';
    }
    if (changed) return 'undecided';
    const { policy, jid, own } = judge;
    const known = record.keys.map((key) => ({ ...key, identityKey: keyCopy(key.identityKey) }));
    return policy.decide({ jid, identityKey: keyCopy(identityKey), own, known, verificationPending });
  };
  for (const { deviceId, identityKey } of sightings) {
    const device = devices.find((known) => known.deviceId === deviceId);
    const changed = device !== undefined && !sameBytes(device.identityKey, identityKey);
    if (changed && trustIn(record, identityKey) === 'distrusted') continue;
    if (!keys.some((known) => sameBytes(known.identityKey, identityKey))) {
      keys = [...keys, { identityKey, level: levelOf(identityKey, changed), firstSeenAt: judge.now }];
    }
    if (device === undefined) devices = [...devices, { deviceId, identityKey, changedTo: undefined }];
    else if (changed && (device.changedTo === undefined || !sameBytes(device.changedTo, identityKey))) {
      devices = devices.map((known) => (known === device ? { ...known, changedTo: identityKey } : known));
      keys = withoutForgotten(keys, devices, device.changedTo);
    }
  }
  const same = keys === record.keys && devices === record.devices;
  return same ? record : { ...record, keys, devices, expected };
}

/** Drops a key that nobody decided on and no device shows any more, or ever new ones would fill the record. */
function withoutForgotten(
  keys: TrustRecord['keys'],
  devices: TrustRecord['devices'],
  key: Ed25519PublicKey | undefined,
): TrustRecord['keys'] {
  if (key === undefined) return keys;
  const shown = devices.some(
    ({ identityKey, changedTo }) =>
      sameBytes(identityKey, key) || (changedTo !== undefined && sameBytes(changedTo, key)),
  );
  return keys.filter((known) => shown || known.level !== 'undecided' || !sameBytes(known.identityKey, key));
}

/**
 * The record after a person, or the application for one, decided on an identity key. Accepting the key that a device
 * changed to makes it that device's key; rejecting it puts the one before in force again, or whoever shows a forged key would cut off
 * the true device for ever (S22).
 */
export function withDecision(
  record: TrustRecord,
  decision: { readonly identityKey: Ed25519PublicKey; readonly level: TrustLevel; readonly now: number },
): TrustRecord {
  const { identityKey, level, now } = decision;
  const known = record.keys.some((key) => sameBytes(key.identityKey, identityKey));
  const keys = known
    ? record.keys.map((key) => (sameBytes(key.identityKey, identityKey) ? { ...key, level } : key))
    : [...record.keys, { identityKey, level, firstSeenAt: now }];
  const accepted = level === 'trusted' || level === 'verified';
  const devices = record.devices.map((device) => {
    if (device.changedTo === undefined || !sameBytes(device.changedTo, identityKey)) return device;
    if (accepted) return { ...device, identityKey, changedTo: undefined };
    return level === 'distrusted' ? { ...device, changedTo: undefined } : device;
  });
  // Who is accepted by a person is no stranger (S17).
  return { ...record, keys, devices, writtenTo: record.writtenTo || accepted };
}

/** The record after a person compared a fingerprint of a key that was not met yet. The oldest make room. */
export function withExpected(record: TrustRecord, expected: ExpectedKey, most: number): TrustRecord {
  const others = record.expected.filter(({ curve25519 }) => !sameBytes(curve25519, expected.curve25519));
  return { ...record, expected: [...others, expected].slice(-most), writtenTo: true };
}
