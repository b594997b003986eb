import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { identityRecord, type Standing } from '../records/identity.ts';
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
  await takeOffList(context, [deviceId, ...formerDeviceIds], signal);
  await context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    if (identity.standing !== 'withdrawing') return;
    unit.put(identityRecord, keys.identity, { ...identity, standing: 'deactivated', formerDeviceIds: [] });
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
