import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { inSlice } from '@omemo-kit/primitives/ahead';
import type { VerifiedBundle } from '@omemo-kit/x3dh';
import { ownIdentity } from '../account/identity.ts';
import { fetchBundle } from '../bundles/fetch-bundle.ts';
import type { AccountContext } from '../context.ts';
import { refreshDeviceLists } from '../devices/device-lists.ts';
import { makeRoomFor } from '../devices/make-room.ts';
import { inParallel } from '../devices/parallel.ts';
import { noSessions } from '../sessions/session.ts';
import { sessionWith } from '../sessions/session-set.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { Sighting } from '../trust/known-keys.ts';
import { rememberSightings } from '../trust/remember-sightings.ts';
import { addressKey, type DeviceAddress } from './addresses.ts';
import { type OnProgress, progressOf } from './progress.ts';
import { listedDevices } from './recipients.ts';

/** What had to be fetched before a message can be encrypted. Kept for one send only: bundles age (X12). */
export class Gathered {
  readonly bundles = new Map<string, VerifiedBundle>();
  /** Why a bundle or a device list could not be had, by device address or JID. */
  readonly failures = new Map<string, unknown>();
  readonly #only: number | undefined;

  /** @param only the one device that is written to, of all that are listed. */
  constructor(only?: number) {
    this.#only = only;
  }

  readonly wants = ({ deviceId }: Pick<DeviceAddress, 'deviceId'>): boolean =>
    this.#only === undefined || this.#only === deviceId;

  knows(device: DeviceAddress): boolean {
    return this.bundles.has(addressKey(device)) || this.failures.has(addressKey(device));
  }
}

/**
 * Fetches the device lists of these accounts where they are not cached, and the bundles of their devices that have no
 * session to send with; identity keys seen for the first time are judged by the trust policy and remembered. All network
 * of a send happens here, before state is read for the commit. Of a room's members lists that are not cached are fetched
 * too (5.8.2, R107). Never sooner: "It is RECOMMENDED to construct sessions only immediately before sending" (XEP-0384
 * section 6; R70, R71).
 */
export async function gather(
  context: AccountContext,
  jids: readonly BareJid[],
  gathered: Gathered,
  options: GatherOptions = {},
): Promise<void> {
  const { signal, onProgress, audience } = options;
  const many = audience === 'many';
  const { failures } = await refreshDeviceLists(context, jids, {
    force: many ? 'unknown-only' : 'stale-only',
    signal,
    onProgress,
  });
  for (const [jid, error] of failures) gathered.failures.set(jid, error);
  const wanted = await context.transact((unit) => devicesWithoutSession(context, unit, jids), signal);
  const unknown = wanted.filter((device) => gathered.wants(device) && !gathered.knows(device));
  await gatherBundles(context, many ? unknown.filter(notFailedBefore(context, gathered)) : unknown, gathered, options);
}

export interface GatherOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** `many`: what could not be had a moment ago is not asked for again, so that a room does not wait for one of its members. */
  readonly audience?: 'many';
}

/** Notes of the others why they failed. */
function notFailedBefore(context: AccountContext, gathered: Gathered) {
  return (device: DeviceAddress): boolean => {
    const failure = context.recentFailures.of(addressKey(device), context.now());
    if (failure !== undefined) gathered.failures.set(addressKey(device), failure.cause);
    return failure === undefined;
  };
}

/** Fetches the bundles of these devices and remembers the identity keys they show. */
export async function gatherBundles(
  context: AccountContext,
  devices: readonly (DeviceAddress & { readonly known: Ed25519PublicKey | undefined })[],
  gathered: Gathered,
  { signal, onProgress }: Omit<GatherOptions, 'audience'> = {},
): Promise<void> {
  const progress = progressOf('bundles', devices.length, onProgress);
  const sightings = new Map<string, Sighting[]>();
  await inParallel(context.limits.parallelFetches, devices, async (device) => {
    try {
      const bundle = await fetchBundle(context, device, signal);
      gathered.bundles.set(addressKey(device), bundle);
      const seen = sightings.get(device.jid) ?? [];
      seen.push({ deviceId: device.deviceId, identityKey: bundle.identityKey });
      sightings.set(device.jid, seen);
    } catch (error) {
      gathered.failures.set(addressKey(device), error);
      if (!signal?.aborted) context.recentFailures.note(addressKey(device), error, context.now());
    }
    progress.oneDone();
  });
  if (sightings.size === 0) return;
  await context.transact(async (unit) => {
    await unit.load([...sightings.keys()].map(context.keys.trust));
    for (const [jid, seen] of sightings) {
      await makeRoomFor(context, unit, { jid, deviceIds: seen.map(({ deviceId }) => deviceId) });
      await inSlice(() => rememberSightings(context, unit, { jid, sightings: seen }));
    }
  }, signal);
}

async function devicesWithoutSession(context: AccountContext, unit: UnitOfWork, jids: readonly BareJid[]) {
  const own = await ownIdentity(context, unit);
  return (await listedDevices(context, unit, { jids, own }))
    .filter(({ set, identityKey }) => sessionWith(set ?? noSessions, identityKey) === undefined)
    .map(({ jid, deviceId, identityKey: known }) => ({ jid, deviceId, known }));
}
