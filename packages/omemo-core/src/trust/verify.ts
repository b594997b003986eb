import { bareJid } from '@omemo-kit/omemo-wire';
import { type Ed25519PublicKey, ed25519ToX25519 } from '@omemo-kit/primitives';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { knownDevices } from '../devices/known-devices.ts';
import { type ComparedDevice, readVerificationUri, writeVerificationUri } from '../fingerprints/verification-uri.ts';
import { sameBytes } from '../records/bytes.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { type TrustRecord, trustRecord } from '../records/trust.ts';
import { keyCopy } from './key-copy.ts';
import { knownDevice, noKeys, shownKey, trustIn, withDecision, withExpected } from './known-keys.ts';

/** What comparing showed of one device that the URI names. */
export interface ComparedResult {
  readonly deviceId: number;
  /**
   * `verified`: the device shows this key, and it is verified now. `mismatch`: the device shows another key, and nothing was changed;
   * whether to distrust that one is for a person to say. `remembered`: nothing is known of the device; its key is verified when it is met.
   */
  readonly outcome: 'verified' | 'mismatch' | 'remembered';
  /** What the device shows, where it is known. */
  readonly identityKey: Ed25519PublicKey | undefined;
  /** It is on the device list of the account. */
  readonly listed: boolean;
}

export interface Verification {
  /** Bare JID of the account: it is for the caller to see that it is the one that is talked to. */
  readonly jid: string;
  readonly devices: readonly ComparedResult[];
}

/**
 * Compares the keys that a URI carries, which came straight from the other person, with what is known of their account.
 *
 * @throws OmemoError `unreadable-uri`, with nothing changed.
 */
export async function verify(context: AccountContext, uri: string, signal?: AbortSignal): Promise<Verification> {
  const asked = readVerificationUri(uri);
  // What cannot be fetched now is remembered for later.
  await knownDevices(context, asked.jid, { refresh: 'stale-only', signal });
  return context.transact(async (unit) => {
    const { keys } = context;
    await unit.load([keys.identity, keys.trust(asked.jid), keys.deviceList(asked.jid)]);
    const own = await ownIdentity(context, unit);
    const listed = (await unit.get(deviceListRecord, keys.deviceList(asked.jid)))?.devices ?? [];
    const before = (await unit.get(trustRecord, keys.trust(asked.jid))) ?? noKeys;
    let record = before;
    const devices = asked.devices.map((device): ComparedResult => {
      const { deviceId } = device;
      const current = asked.jid === context.jid && deviceId === own.deviceId;
      const identityKey = current ? own.identityKeyPair.publicKey : shownKey(knownDevice(record, deviceId));
      const outcome = compare(device, identityKey);
      if (!current) record = withOutcome(context, record, { device, identityKey, outcome });
      return { deviceId, outcome, identityKey: keyCopy(identityKey), listed: listed.some(({ id }) => id === deviceId) };
    });
    if (record !== before) unit.put(trustRecord, keys.trust(asked.jid), record);
    return { jid: asked.jid, devices };
  }, signal);
}

function compare({ curve25519 }: ComparedDevice, identityKey: Ed25519PublicKey | undefined) {
  if (identityKey === undefined) return 'remembered';
  return sameBytes(ed25519ToX25519(identityKey), curve25519) ? 'verified' : 'mismatch';
}

function withOutcome(
  context: AccountContext,
  record: TrustRecord,
  found: {
    readonly device: ComparedDevice;
    readonly identityKey: Ed25519PublicKey | undefined;
    readonly outcome: ComparedResult['outcome'];
  },
): TrustRecord {
  const { device, outcome } = found;
  if (outcome === 'mismatch') return record;
  // Trust goes by key: another device of the account may have shown it already.
  const seen = record.keys.find(({ identityKey }) => sameBytes(ed25519ToX25519(identityKey), device.curve25519));
  const identityKey = found.identityKey ?? seen?.identityKey;
  if (identityKey === undefined) return withExpected(record, device, context.limits.maxExpectedKeys);
  return withDecision(record, { identityKey, level: 'verified', now: context.now() });
}

/** The URI for others to scan: the keys of this device and of those of our others that were verified here. */
export async function verificationUri(context: AccountContext): Promise<string> {
  const { jid, keys } = context;
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.trust(jid), keys.deviceList(jid)]);
    const { deviceId, identityKeyPair } = await ownIdentity(context, unit);
    const listed = (await unit.get(deviceListRecord, keys.deviceList(jid)))?.devices ?? [];
    const trust = await unit.get(trustRecord, keys.trust(jid));
    const others: VerifiedDevice[] = [];
    for (const { id } of listed) {
      const device = id === deviceId ? undefined : knownDevice(trust, id);
      if (device === undefined || device.changedTo !== undefined) continue;
      if (trustIn(trust, device.identityKey) === 'verified') others.push(device);
    }
    return writeVerificationUri(bareJid(jid), [{ deviceId, identityKey: identityKeyPair.publicKey }, ...others]);
  });
}

interface VerifiedDevice {
  readonly deviceId: number;
  readonly identityKey: Ed25519PublicKey;
}
