import { oweAppearance } from '../account/activate.ts';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import type { FlushOptions } from '../delivery/outbox.ts';
import { refreshDeviceLists } from '../devices/device-lists.ts';
import { deviceListRecord } from '../records/device-list.ts';
import { identityRecord, type Standing } from '../records/identity.ts';
import { notingRefusals } from './refusals.ts';
import { takeOffList } from './take-off-list.ts';

/**
 * Takes this device off the device list and removes its bundle, after its user deactivated OMEMO (XEP-0384 section 6). It is
 * owed, by whichever process on this store, until both is done.
 *
 * @throws OmemoError `publication-failed`; TransportError.
 */
export async function withdraw(context: AccountContext, signal?: AbortSignal): Promise<void> {
  const { keys } = context;
  const { deviceId, formerDeviceIds } = await context.transact((unit) => ownIdentity(context, unit), signal);
  await notingRefusals(context, 'refusedWithdrawal', () =>
    takeOffList(context, [deviceId, ...formerDeviceIds], signal),
  );
  await context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    // Its user wants it back by now, and this may have removed what was published for that.
    if (identity.standing === 'active') return oweAppearance(context, unit);
    const left = identity.formerDeviceIds.filter((id) => !formerDeviceIds.includes(id));
    unit.put(identityRecord, keys.identity, { ...identity, standing: 'deactivated', formerDeviceIds: left });
  }, signal);
}

/**
 * Whether a device that is not in use has to be withdrawn, perhaps once more: a process that was publishing when it was
 * deactivated may have died before it took that back. With a new connection the server is looked at in any case; in between
 * the device list says so, as events bring it.
 */
export async function owesWithdrawal(
  context: AccountContext,
  { own, signal }: Pick<FlushOptions, 'own' | 'signal'>,
): Promise<boolean> {
  const { seen, unsure } = await lookAtOwnList(context, own, signal);
  if (!unsure) return seen;
  await refreshDeviceLists(context, [context.jid], { force: 'stale-only', signal });
  return (await lookAtOwnList(context, own, signal)).seen;
}

/** `unsure`: an event told that the list has changed. */
function lookAtOwnList(context: AccountContext, own: FlushOptions['own'], signal: AbortSignal | undefined) {
  const { keys, jid } = context;
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.deviceList(jid)]);
    const { standing, announcedAt, deviceId, formerDeviceIds } = await ownIdentity(context, unit);
    if (standing !== 'deactivated') return { seen: standing === 'withdrawing', unsure: false };
    if (own === 'take-over') return { seen: announcedAt !== undefined || formerDeviceIds.length > 0, unsure: false };
    const list = await unit.get(deviceListRecord, keys.deviceList(jid));
    const seen = list?.devices.some(({ id }) => id === deviceId || formerDeviceIds.includes(id)) ?? false;
    return { seen, unsure: !seen && list?.stale === true };
  }, signal);
}

/**
 * After this process published something: whether another one deactivated the device meanwhile, so that it may be seen again
 * and is to be withdrawn once more.
 */
export async function standingAfterPublishing(context: AccountContext, signal?: AbortSignal): Promise<Standing> {
  return context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    if (identity.standing !== 'deactivated') return identity.standing;
    unit.put(identityRecord, context.keys.identity, { ...identity, standing: 'withdrawing' });
    return 'withdrawing';
  }, signal);
}
