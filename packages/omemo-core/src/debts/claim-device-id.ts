import type { ListedDevice } from '@omemo-kit/omemo-wire';
import { activeIdentity, ownIdentity } from '../account/identity.ts';
import { newBundle } from '../bundles/own-bundle.ts';
import { bundleIn, publishedItems } from '../bundles/published-bundle.ts';
import type { AccountContext } from '../context.ts';
import { fetchDeviceList } from '../devices/fetch-list.ts';
import { isOmemoError, OmemoError } from '../errors.ts';
import type { PubsubItem } from '../ports/transport.ts';
import { bundleRecord, preKeyRecord } from '../records/bundle.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/** Attempts at finding a device id that the account does not have yet. */
const MAX_ID_ATTEMPTS = 8;

/**
 * Half of what a pre-key id can be (1 to 2^31 - 1, XEP-0384 5.3.2): no device comes to it, and above it as many are left for this
 * device.
 */
const HIGHEST_CREDIBLE_ID = 2 ** 30;

/**
 * Before the first publication: takes another device id if the account already has this one (XEP-0384 section 6). Both
 * nodes are asked, because either may still hold a device that is gone. A device that was restored or healed gives its
 * pre-keys ids above all that it published before (S13, S28).
 *
 * @throws OmemoError `device-id-taken` after eight ids that were all taken, `deactivated`; TransportError.
 */
export async function claimDeviceId(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const { keys } = context;
  const { announcedAt } = await context.transact((unit) => ownIdentity(context, unit), signal);
  if (announcedAt !== undefined) return;
  const listed = await listedNow(context, signal);
  const bundles = await publishedItems(context, undefined, signal);
  const taken = new Set([...listed.map(({ id }) => id), ...bundles.map(({ id }) => Number(id))]);
  await context.transact(async (unit) => {
    const identity = await activeIdentity(context, unit);
    if (identity.announcedAt !== undefined) return;
    let { deviceId } = identity;
    for (let attempt = 0; taken.has(deviceId); attempt++) {
      if (attempt === MAX_ID_ATTEMPTS) throw new OmemoError('device-id-taken', 'no free device id was found');
      deviceId = context.randomness.deviceId();
    }
    unit.put(identityRecord, keys.identity, { ...identity, deviceId, announcedAt: context.now() });
    await raiseBundleIds(context, unit, { identity, published: bundles });
  }, signal);
}

/** Of a list that cannot be read nobody knows a device: what is taken is told by the bundles alone. */
async function listedNow(context: AccountContext, signal?: AbortSignal): Promise<readonly ListedDevice[]> {
  try {
    return await fetchDeviceList(context, context.jid, signal);
  } catch (error) {
    if (isOmemoError(error, 'own-list-unusable')) return [];
    throw error;
  }
}

/** Moves the bundle, which nobody has seen yet, above the ids that former bundles of this device show on the server. */
async function raiseBundleIds(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly identity: IdentityRecord; readonly published: readonly PubsubItem[] },
): Promise<void> {
  const { keys, randomness, limits } = context;
  const { identity, published } = input;
  // The id of now is one of them where the store is a copy from before the device was announced.
  const ids = [...identity.formerDeviceIds, identity.deviceId];
  const former = ids.flatMap((id) => bundleIn(context, published, String(id)) ?? []);
  const bundle = await unit.get(bundleRecord, keys.bundle);
  const first = above(former.flatMap(({ preKeys }) => preKeys.map(({ id }) => id)));
  const firstSigned = above(former.map(({ signedPreKey }) => signedPreKey.id));
  if (bundle === undefined || former.length === 0) return;
  if (bundle.preKeys.every(({ id }) => id >= first) && bundle.signedPreKey.id >= firstSigned) return;
  const next = {
    nextPreKeyId: Math.max(first, bundle.nextPreKeyId),
    nextSignedPreKeyId: Math.max(firstSigned, bundle.nextSignedPreKeyId),
  };
  const raised = newBundle({ identity, randomness, limits, now: context.now() }, next);
  for (const { id } of bundle.preKeys) unit.remove(keys.preKey(id));
  for (const preKey of raised.preKeys) unit.put(preKeyRecord, keys.preKey(preKey.id), preKey);
  unit.put(bundleRecord, keys.bundle, raised.bundle);
}

/** Ids are not signed. One that we never came to must not use up all there are. */
function above(ids: readonly number[]): number {
  return Math.max(0, ...ids.filter((id) => id < HIGHEST_CREDIBLE_ID)) + 1;
}
