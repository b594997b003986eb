import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';
import type { RollbackWitness } from '../rollback/witness.ts';
import type { SessionContext } from '../sessions/step.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/**
 * The record of this device, for whatever reads or sends with it.
 *
 * @throws OmemoError `store-rolled-back` while the store is known to be an old copy, `invalid-argument` when the device
 * was never made.
 */
export async function ownIdentity(context: AccountContext, unit: UnitOfWork): Promise<IdentityRecord> {
  const identity = await storedIdentity(context, unit);
  if (identity.rolledBack !== undefined) throw rolledBackError(identity.rolledBack);
  return identity;
}

/** The same, for whatever encrypts. @throws OmemoError `deactivated` besides. */
export async function activeIdentity(context: AccountContext, unit: UnitOfWork): Promise<IdentityRecord> {
  const identity = await ownIdentity(context, unit);
  if (identity.standing !== 'active') throw deactivatedError();
  return identity;
}

export function deactivatedError(): OmemoError<'deactivated'> {
  return new OmemoError('deactivated', 'OMEMO is deactivated on this device');
}

/** The record of this device, also of one that is not to be used. @throws OmemoError `invalid-argument`. */
export async function storedIdentity(context: AccountContext, unit: UnitOfWork): Promise<IdentityRecord> {
  const identity = await unit.get(identityRecord, context.keys.identity);
  if (identity === undefined) throw new OmemoError('invalid-argument', 'there is no device in this store');
  return identity;
}

export function rolledBackError(witness: RollbackWitness): OmemoError<'store-rolled-back'> {
  const why = {
    'published-bundle': 'the published bundle is newer than it',
    counter: 'the counter is ahead of it',
    application: 'the application says so',
  }[witness];
  return new OmemoError('store-rolled-back', `the store is an old copy of itself: ${why}`, { details: { witness } });
}

/** What session steps need of this device. */
export function sessionContext(context: AccountContext, identity: IdentityRecord): SessionContext {
  const { profile, limits, randomness } = context;
  return { identityKeyPair: identity.identityKeyPair, profile, limits, randomness };
}
