import type { AccountContext } from '../context.ts';
import { forgetRefusals } from '../debts/refusals.ts';
import { bundleRecord } from '../records/bundle.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { identityRecord } from '../records/identity.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { ownIdentity } from './identity.ts';

/** OMEMO is in use on this device again: upkeep publishes what `deactivate` removed. */
export async function activate(context: AccountContext, signal?: AbortSignal): Promise<void> {
  await context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    if (identity.standing === 'active') return;
    unit.put(identityRecord, context.keys.identity, { ...identity, standing: 'active' });
    await oweAppearance(context, unit);
    await forgetRefusals(context, unit, 'refusedBundle');
  }, signal);
}

/** The device may have been taken off the server: its bundle is to be published, and the device list looked at, in that order. */
export async function oweAppearance({ keys, jid }: AccountContext, unit: UnitOfWork): Promise<void> {
  const bundle = await unit.get(bundleRecord, keys.bundle);
  // The allowance is for what others cause: it must not keep a device that its user wants from being reached.
  if (bundle !== undefined) unit.put(bundleRecord, keys.bundle, { ...bundle, dirty: true, publicationsWholeAt: 0 });
  const list = await unit.get(deviceListRecord, keys.deviceList(jid));
  if (list !== undefined) unit.put(deviceListRecord, keys.deviceList(jid), { ...list, stale: true });
}
