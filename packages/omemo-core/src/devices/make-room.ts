import type { AccountContext } from '../context.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { forgetDevice } from '../strangers/forget-device.ts';
import { knownDevice } from '../trust/known-keys.ts';

/**
 * Makes room for devices of an account, those of them that were not met before: an account that shows ever new ones must not fill
 * the store (S60). Twice as many as a list may have are remembered, for those that are gone from it; the oldest of these go.
 */
export async function makeRoomFor(
  context: AccountContext,
  unit: UnitOfWork,
  account: { readonly jid: string; readonly deviceIds: readonly number[] },
): Promise<void> {
  const { keys, limits } = context;
  const { jid, deviceIds } = account;
  const trust = await unit.get(trustRecord, keys.trust(jid));
  if (trust === undefined) return;
  const fresh = deviceIds.filter((deviceId) => knownDevice(trust, deviceId) === undefined);
  const over = trust.devices.length + fresh.length - 2 * limits.maxDevices;
  if (fresh.length === 0 || over <= 0) return;
  const list = await unit.get(deviceListRecord, keys.deviceList(jid));
  const needed = new Set([...(list?.devices.map(({ id }) => id) ?? []), ...deviceIds]);
  const gone = trust.devices.filter(({ deviceId }) => !needed.has(deviceId)).slice(0, over);
  for (const { deviceId } of gone) await forgetDevice(context, unit, { jid, deviceId });
}
