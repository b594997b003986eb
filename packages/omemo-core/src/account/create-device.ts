import { type IdentityKeyPair, identityKeyPairFromSeed } from '@omemo-kit/primitives';
import { newBundle } from '../bundles/own-bundle.ts';
import type { AccountContext } from '../context.ts';
import { checkLabel } from '../devices/labels.ts';
import { OmemoError } from '../errors.ts';
import { bundleRecord, preKeyRecord } from '../records/bundle.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';

export interface NewDevice {
  /** An identity of another client to go on with; a new one is made when it is absent. */
  readonly identityKeyPair?: IdentityKeyPair;
  /** 1 to 2^31 - 1; drawn at random when absent (XEP-0384 5.1). */
  readonly deviceId?: number;
  /** Published with the device list; see `OwnAccount.setLabel`. */
  readonly label?: string;
}

/**
 * Opens the device in the store, or makes it: identity, device id and a full bundle, in one commit. Two processes that
 * do so at once end up with one device.
 *
 * @throws OmemoError `different-account` when the store's device belongs to another JID.
 */
export async function openDevice(context: AccountContext, wanted: NewDevice): Promise<IdentityRecord> {
  const { keys, randomness, limits } = context;
  if (wanted.label !== undefined) checkLabel(wanted.label);
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.bundle]);
    const existing = await unit.get(identityRecord, keys.identity);
    if (existing !== undefined) {
      if (existing.jid === context.jid) return existing;
      throw new OmemoError('different-account', `the store holds ${existing.jid}, not ${context.jid}`);
    }
    const identity: IdentityRecord = {
      jid: context.jid,
      identityKeyPair: wanted.identityKeyPair ?? identityKeyPairFromSeed(randomness.identitySeed()),
      deviceId: checkedDeviceId(wanted.deviceId ?? randomness.deviceId()),
      label: wanted.label,
      createdAt: context.now(),
      announcedAt: undefined,
      formerDeviceIds: [],
      rolledBack: undefined,
      standing: 'active',
    };
    const { bundle, preKeys } = newBundle({ identity, randomness, limits, now: context.now() });
    unit.put(identityRecord, keys.identity, identity);
    unit.put(bundleRecord, keys.bundle, bundle);
    for (const preKey of preKeys) unit.put(preKeyRecord, keys.preKey(preKey.id), preKey);
    return identity;
  });
}

function checkedDeviceId(deviceId: number): number {
  if (Number.isInteger(deviceId) && deviceId >= 1 && deviceId <= 0x7fff_ffff) return deviceId;
  throw new OmemoError('invalid-argument', 'a device id is an integer from 1 to 2147483647');
}
