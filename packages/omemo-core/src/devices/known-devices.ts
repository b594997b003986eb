import { displayLabel } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { gatherBundles } from '../messages/gather.ts';
import { Gathered } from '../messages/gathered.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { sessionSetRecord } from '../records/session.ts';
import { type TrustLevel, trustRecord } from '../records/trust.ts';
import { isStale } from '../sessions/stale.ts';
import { fingerprint } from '../trust/fingerprint.ts';
import { keyCopy } from '../trust/key-copy.ts';
import { shownKey, trustInDevice } from '../trust/known-keys.ts';
import { sharedKeys } from '../trust/shared-keys.ts';
import { refreshDeviceLists } from './device-lists.ts';
import { verifyLabel } from './labels.ts';

/** A device of an account as the application shows it. */
export interface DeviceInfo {
  readonly jid: string;
  readonly deviceId: number;
  /** Undefined while neither a bundle nor a key exchange of it was seen, or none could be had. */
  readonly identityKey: Ed25519PublicKey | undefined;
  /** Eight groups of eight hex digits, for people to compare; empty without an identity key. */
  readonly fingerprint: readonly string[];
  readonly trust: TrustLevel;
  /** Other accounts that show the same identity key: one of them claims to be somebody it is not (S21). */
  readonly alsoOf: readonly string[];
  /** It shows another identity key than before, which is the one above. */
  readonly changed: boolean;
  /** It is the device that is asking. */
  readonly current: boolean;
  /** On the account's device list: messages go to listed devices only. */
  readonly listed: boolean;
  /** Silent for so many messages that it gets none before it is heard of (X50); see `Limits.staleAfter`. */
  readonly stale: boolean;
  /**
   * Its own name for itself, if its signature is good (XEP-0384 5.3.1), without invisible and direction characters.
   * It is a stranger's text: show it as such (S59).
   */
  readonly label: string | undefined;
}

/**
 * The devices of an account: those on its list, and those that only wrote. Bundles are fetched where an identity key is
 * not known yet, so that there is something to compare.
 */
export async function knownDevices(
  context: AccountContext,
  jid: string,
  options: { readonly refresh: 'stale-only' | 'always'; readonly signal?: AbortSignal | undefined },
): Promise<readonly DeviceInfo[]> {
  await refreshDeviceLists(context, [jid], { force: options.refresh, signal: options.signal });
  const unknown = (await devicesIn(context, jid)).filter(
    ({ identityKey, listed, current }) => listed && !current && identityKey === undefined,
  );
  if (unknown.length === 0) return devicesIn(context, jid);
  await gatherBundles(context, unknown, new Gathered(context), { signal: options.signal });
  return devicesIn(context, jid);
}

function devicesIn(context: AccountContext, jid: string): Promise<readonly DeviceInfo[]> {
  const { keys } = context;
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.deviceList(jid), keys.trust(jid)]);
    const own = await storedIdentity(context, unit);
    const listed = (await unit.get(deviceListRecord, keys.deviceList(jid)))?.devices ?? [];
    const trust = await unit.get(trustRecord, keys.trust(jid));
    const known = trust?.devices ?? [];
    const ids = new Set([...listed.map(({ id }) => id), ...known.map(({ deviceId }) => deviceId)]);
    const addresses = [...ids].map((deviceId) => keys.session(jid, deviceId));
    const sets = await unit.getMany(sessionSetRecord, addresses);
    const alsoOf = await sharedKeys(context, unit);
    return [...ids].map((deviceId, index) => {
      const device = known.find((one) => one.deviceId === deviceId);
      const entry = listed.find(({ id }) => id === deviceId);
      const current = jid === context.jid && deviceId === own.deviceId;
      const identityKey = current ? own.identityKeyPair.publicKey : shownKey(device);
      return {
        jid,
        deviceId,
        identityKey: keyCopy(identityKey),
        fingerprint: identityKey === undefined ? [] : fingerprint(identityKey),
        trust: current ? 'verified' : trustInDevice(trust, deviceId),
        alsoOf: alsoOf(jid, identityKey),
        changed: device?.changedTo !== undefined,
        current,
        listed: entry !== undefined,
        stale: isStale(sets[index]?.value, context.limits),
        label: shownLabel(identityKey, entry),
      };
    });
  });
}

function shownLabel(
  identityKey: Ed25519PublicKey | undefined,
  entry: { readonly label: string | undefined; readonly labelSignature: Uint8Array | undefined } | undefined,
): string | undefined {
  if (identityKey === undefined || entry?.label === undefined || entry.labelSignature === undefined) return undefined;
  const verified = verifyLabel(identityKey, entry.label, entry.labelSignature);
  return verified ? displayLabel(entry.label).text : undefined;
}
