import { rolledBackError, storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import type { OmemoError } from '../errors.ts';
import { identityRecord } from '../records/identity.ts';
import type { RollbackWitness } from './witness.ts';

/**
 * Notes in the store that it is an old copy of itself. From here on nobody reads or sends with it, in this process or
 * another, until `heal`.
 *
 * @returns what to throw.
 */
export async function markRolledBack(
  context: AccountContext,
  witness: RollbackWitness,
  signal?: AbortSignal,
): Promise<OmemoError<'store-rolled-back'>> {
  await context.transact(async (unit) => {
    const identity = await storedIdentity(context, unit);
    if (identity.rolledBack !== undefined) return;
    unit.put(identityRecord, context.keys.identity, { ...identity, rolledBack: witness });
  }, signal);
  return rolledBackError(witness);
}
