import type { ListedDevice } from '@omemo-kit/omemo-wire';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { CURRENT, deviceListFrom, fetchDeviceList, isAbsent } from '../devices/fetch-list.ts';
import { signLabel } from '../devices/labels.ts';
import { OmemoError } from '../errors.ts';
import { TransportError } from '../ports/transport.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';
import { publish } from './publish.ts';

/** Publications before giving up, when other devices overwrite the list at the same time. */
const MAX_ANNOUNCEMENTS = 3;

/** How servers say that they do not do such a thing at all (XEP-0060 7.2.3, RFC 6120 8.3.3). */
const REFUSALS: readonly string[] = ['feature-not-implemented', 'not-allowed', 'bad-request'];

const MAX_ANNOUNCEMENTS_A_PERIOD = 5;
/** Milliseconds. */
const ANNOUNCEMENT_PERIOD = 60_000;

/**
 * Sees to it that this device is on the account's device list (XEP-0384 5.3.1). The list on the server is read, this
 * device added, ids that it had before taken off, the others kept as they are, and the result published and read back,
 * since another device may do the same at the same time.
 */
export async function announce(context: AccountContext, signal?: AbortSignal): Promise<'announced' | 'listed'> {
  const { jid, keys } = context;
  const identity = await context.transact((unit) => ownIdentity(context, unit), signal);
  for (let attempt = 0; attempt <= MAX_ANNOUNCEMENTS; attempt++) {
    const fetched = await fetchDeviceList(context, jid, signal);
    const listed = fetched.filter(({ id }) => !identity.formerDeviceIds.includes(id));
    if (listed.length === fetched.length && listed.some(({ id }) => id === identity.deviceId)) {
      await store(listed);
      await retractFormerBundles(context, identity, signal);
      return attempt === 0 ? 'listed' : 'announced';
    }
    if (attempt === MAX_ANNOUNCEMENTS) break;
    spendAnnouncement(context);
    const item = {
      id: CURRENT,
      payload: context.profile.elements.writeDevices([
        ...listed.filter(({ id }) => id !== identity.deviceId),
        ownEntry(context, identity),
      ]),
    };
    await publish(context, { node: context.profile.devicesNode, item, items: 'one' }, signal);
  }
  throw new OmemoError('publication-failed', 'the server does not list this device after it was announced');

  function store(devices: readonly ListedDevice[]): Promise<void> {
    return context.transact(async (unit) => {
      await unit.get(deviceListRecord, keys.deviceList(jid));
      unit.remove(keys.refreshDebt(jid));
      unit.put(deviceListRecord, keys.deviceList(jid), deviceListFrom(devices, context.now()));
    }, signal);
  }
}

/** Nobody is to start a session with a device that is no more. Its id is forgotten once its bundle is gone. */
async function retractFormerBundles(
  context: AccountContext,
  { formerDeviceIds }: IdentityRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (formerDeviceIds.length === 0) return;
  for (const id of formerDeviceIds) {
    await context.transport
      .retract({ node: context.profile.bundlesNode, itemId: String(id) }, signal)
      .catch((error) => {
        if (!isAbsent(error) && !isRefused(error)) throw error;
      });
  }
  await context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    const left = identity.formerDeviceIds.filter((id) => !formerDeviceIds.includes(id));
    unit.put(identityRecord, context.keys.identity, { ...identity, formerDeviceIds: left });
  }, signal);
}

/** A server that never retracts: the device is off the list, which is what counts, and asking again is of no use. */
function isRefused(error: unknown): boolean {
  return error instanceof TransportError && REFUSALS.includes(error.condition);
}

/** Two devices that take each other off the list must not do so without end (S53). */
function spendAnnouncement({ announcements, now }: AccountContext): void {
  while ((announcements[0] ?? Number.POSITIVE_INFINITY) <= now() - ANNOUNCEMENT_PERIOD) announcements.shift();
  if (announcements.length >= MAX_ANNOUNCEMENTS_A_PERIOD) {
    throw new OmemoError('publication-failed', 'the device was announced too often and waits with it');
  }
  announcements.push(now());
}

/** Labels are published on request only: clients of today refuse a whole list that has a signed one (X38). */
function ownEntry(context: AccountContext, { deviceId, label, identityKeyPair }: IdentityRecord): ListedDevice {
  if (label === undefined) return { id: deviceId };
  const labelSignature = signLabel(identityKeyPair, label, () => context.randomness.signatureNonce());
  return { id: deviceId, label, labelSignature };
}
