import type { AccountContext } from '../context.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { type StrangersRecord, strangersRecord } from '../records/strangers.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { forgetDevice } from './forget-device.ts';
import { oldestBeyond } from './oldest-beyond.ts';
import { isStranger } from './stranger.ts';

/**
 * Remembers that something is stored of a stranger's device, and forgets the oldest ones beyond the limit, so that the
 * store stays as it is however many there are (S17). Who is no stranger any more only leaves the list.
 */
export async function noteStranger(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly device: DeviceAddress; readonly strangers: StrangersRecord },
): Promise<void> {
  const { strangers } = input;
  const { jid, deviceId } = input.device;
  const others = strangers.devices.filter((one) => one.jid !== jid || one.deviceId !== deviceId);
  const devices = [...others, { jid, deviceId }];
  const most = context.limits.maxStrangerDevices;
  const evicted = await oldestBeyond(context, unit, { entries: devices, jidOf: (one) => one.jid, most });
  await unit.load([...evicted].map((one) => context.keys.trust(one.jid)));
  for (const one of evicted) {
    const trust = await unit.get(trustRecord, context.keys.trust(one.jid));
    if (isStranger(context, one.jid, trust)) await forgetDevice(context, unit, one);
  }
  unit.put(strangersRecord, context.keys.strangers, {
    ...strangers,
    devices: devices.filter((one) => !evicted.has(one)),
  });
}
