import type { AccountContext } from '../context.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { forgetDevice } from '../strangers/forget-device.ts';
import { knownDevice } from '../trust/known-keys.ts';

/**
 * Makes room for a device of an account that was not met before: an account that shows ever new ones must not fill the store
 * (S60). Twice as many as a list may have are remembered, for those that are gone from it; the oldest of these goes.
 */
export async function makeRoomFor(context: AccountContext, unit: UnitOfWork, device: DeviceAddress): Promise<void> {
  const { keys, limits } = context;
  const { jid, deviceId } = device;
  const trust = await unit.get(trustRecord, keys.trust(jid));
  if (trust === undefined || knownDevice(trust, deviceId) !== undefined) return;
  if (trust.devices.length < 2 * limits.maxDevices) return;
  const listed = new Set((await unit.get(deviceListRecord, keys.deviceList(jid)))?.devices.map(({ id }) => id));
  const oldest = trust.devices.find((known) => !listed.has(known.deviceId));
  if (oldest !== undefined) await forgetDevice(context, unit, { jid, deviceId: oldest.deviceId });
}
