import type { BareJid } from '@omemo-kit/omemo-wire';
import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { inSlice } from '@omemo-kit/primitives/ahead';
import { fetchBundle } from '../bundles/fetch-bundle.ts';
import type { AccountContext } from '../context.ts';
import { refreshDeviceLists } from '../devices/device-lists.ts';
import { makeRoomFor } from '../devices/make-room.ts';
import { inParallel } from '../devices/parallel.ts';
import type { Sighting } from '../trust/known-keys.ts';
import { rememberSightings } from '../trust/remember-sightings.ts';
import { addressKey, type DeviceAddress } from './addresses.ts';
import type { Gathered } from './gathered.ts';
import { type OnProgress, progressOf } from './progress.ts';

/*
 * All network of a send happens here, before state is read for the commit; identity keys that are seen for the first time are
 * judged by the trust policy and remembered.
 */

export interface GatherOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Fetches the device lists of these accounts where they are not cached; of a room's members too (XEP-0384 5.8.2, R107). */
export async function gatherLists(
  context: AccountContext,
  jids: readonly BareJid[],
  gathered: Gathered,
  options: GatherOptions = {},
): Promise<void> {
  const unasked = jids.filter((jid) => !gathered.lists.has(jid));
  if (unasked.length === 0) return;
  const force = gathered.many ? 'unknown-only' : 'stale-only';
  const { failures } = await refreshDeviceLists(context, unasked, { force, ...options });
  for (const jid of unasked) gathered.lists.add(jid);
  for (const [jid, error] of failures) gathered.failures.set(jid, error);
}

/** A device and the identity key it is known by. */
export type WantedBundle = DeviceAddress & { readonly identityKey: Ed25519PublicKey | undefined };

/** Fetches the bundles of these devices and remembers the identity keys they show. */
export async function gatherBundles(
  context: AccountContext,
  devices: readonly WantedBundle[],
  gathered: Gathered,
  { signal, onProgress }: GatherOptions = {},
): Promise<void> {
  const progress = progressOf('bundles', devices.length, onProgress);
  await inParallel(context.limits.parallelFetches, devices, async (device) => {
    try {
      const { jid, deviceId, identityKey: known } = device;
      const bundle = await fetchBundle(context, { jid, deviceId, known }, signal);
      gathered.bundles.set(addressKey(device), bundle);
    } catch (error) {
      gathered.failures.set(addressKey(device), error);
      if (!signal?.aborted) context.recentFailures.note(addressKey(device), error, context.now());
    }
    progress.oneDone();
  });
  const sightings = sightingsOf(devices, gathered);
  if (sightings.size === 0) return;
  await context.transact(async (unit) => {
    await unit.load([...sightings.keys()].map(context.keys.trust));
    for (const [jid, seen] of sightings) {
      await makeRoomFor(context, unit, { jid, deviceIds: seen.map(({ deviceId }) => deviceId) });
      await inSlice(() => rememberSightings(context, unit, { jid, sightings: seen }));
    }
  }, signal);
}

/** The identity keys that bundles showed, by account, in the order of the devices: what is stored is the same whichever came first. */
function sightingsOf(
  devices: readonly WantedBundle[],
  { bundles }: Gathered,
): ReadonlyMap<string, readonly Sighting[]> {
  const sightings = new Map<string, Sighting[]>();
  for (const device of devices) {
    const bundle = bundles.get(addressKey(device));
    if (bundle === undefined) continue;
    const seen = sightings.get(device.jid) ?? [];
    seen.push({ deviceId: device.deviceId, identityKey: bundle.identityKey });
    sightings.set(device.jid, seen);
  }
  return sightings;
}
