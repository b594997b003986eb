import type { AccountContext } from '../context.ts';
import { identityRecord } from '../records/identity.ts';
import { ownIdentity } from './identity.ts';

/** OMEMO is in use on this device again: `start` publishes what `deactivate` removed. */
export async function activate(context: AccountContext, signal?: AbortSignal): Promise<void> {
  await context.transact(async (unit) => {
    const identity = await ownIdentity(context, unit);
    if (identity.standing === 'active') return;
    unit.put(identityRecord, context.keys.identity, { ...identity, standing: 'active' });
  }, signal);
}
