import type { ListedDevice } from '@omemo-kit/omemo-wire';
import { activeIdentity, ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { signLabel, verifyLabel } from '../devices/labels.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';
import { spendAnnouncement } from './announcement-pauses.ts';
import { editDeviceList } from './edit-device-list.ts';
import { retractBundles } from './retract-bundles.ts';

/**
 * Sees to it that this device is on the account's device list (XEP-0384 5.3.1, R50, R58) with the label it has, that ids which it had
 * before are not, and that all others stay as they are.
 *
 * @throws OmemoError `announcement-delayed`, `own-list-unusable`, `publication-failed`, `deactivated`; TransportError.
 */
export async function announce(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const identity = await context.transact((unit) => activeIdentity(context, unit), signal);
  await editDeviceList(
    context,
    {
      edit: (listed) => withOwnEntry(context, identity, listed),
      beforePublication: () => spendAnnouncement(context, signal),
    },
    signal,
  );
  if (identity.formerDeviceIds.length > 0) await forgetFormerDevices(context, identity, signal);
}

/**
 * Whether the own list, as it is cached, is not as it has to be: the device was never on it, somebody took it off or changed its
 * label (XEP-0384 5.3.1: to be checked with every update, R57), or an id of before is on it.
 */
export async function needsAnnouncing(context: AccountContext): Promise<boolean> {
  return context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    if (identity.formerDeviceIds.length > 0) return true;
    const list = await unit.get(deviceListRecord, context.keys.deviceList(context.jid));
    return list === undefined || list.stale || !list.devices.some((entry) => isOwnEntry(identity, entry));
  });
}

/**
 * Publishes a device list that holds this device alone, whatever was there, or nothing where the device is not in use or was not
 * published yet (X05). Devices that are in use put themselves back (XEP-0384 5.3.1).
 *
 * @throws OmemoError `publication-failed`; TransportError.
 */
export async function announceAlone(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const identity = await context.transact((unit) => ownIdentity(context, unit), signal);
  const shown = identity.standing === 'active' && identity.announcedAt !== undefined;
  const wanted = shown ? [ownEntry(context, identity)] : [];
  const isWanted = (listed: readonly ListedDevice[]) =>
    listed.length === wanted.length && listed.every((entry) => isOwnEntry(identity, entry));
  const edit = (listed: readonly ListedDevice[]) => (isWanted(listed) ? listed : wanted);
  await editDeviceList(context, { edit, unreadable: 'replace' }, signal);
}

function withOwnEntry(
  context: AccountContext,
  identity: IdentityRecord,
  listed: readonly ListedDevice[],
): readonly ListedDevice[] {
  const { deviceId, formerDeviceIds } = identity;
  const former = listed.some(({ id }) => formerDeviceIds.includes(id));
  if (!former && listed.some((entry) => isOwnEntry(identity, entry))) return listed;
  const others = listed.filter(({ id }) => id !== deviceId && !formerDeviceIds.includes(id));
  return [...others, ownEntry(context, identity)];
}

/** Others publish the list too, and may have lost the label, or put back an old one (X38). */
function isOwnEntry({ deviceId, label, identityKeyPair }: IdentityRecord, entry: ListedDevice): boolean {
  if (entry.id !== deviceId || entry.label !== label) return false;
  if (label === undefined) return true;
  const { labelSignature } = entry;
  return labelSignature !== undefined && verifyLabel(identityKeyPair.publicKey, label, labelSignature);
}

/** Labels are published on request only: clients of today refuse a whole list that has a signed one (X38). */
function ownEntry(context: AccountContext, { deviceId, label, identityKeyPair }: IdentityRecord): ListedDevice {
  if (label === undefined) return { id: deviceId };
  // "If a label is set, it MUST be accompanied by an attribute called labelsig" (XEP-0384 5.3.1).
  const labelSignature = signLabel(identityKeyPair, label, () => context.randomness.signatureNonce());
  return { id: deviceId, label, labelSignature };
}

/** Ids of before are forgotten once their bundles are gone. */
async function forgetFormerDevices(
  context: AccountContext,
  { formerDeviceIds }: IdentityRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  await retractBundles(context, formerDeviceIds, signal);
  await context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    const left = identity.formerDeviceIds.filter((id) => !formerDeviceIds.includes(id));
    unit.put(identityRecord, context.keys.identity, { ...identity, formerDeviceIds: left });
  }, signal);
}
