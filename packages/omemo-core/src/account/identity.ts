import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type IdentityRecord, identityRecord } from '../records/identity.ts';
import type { SessionContext } from '../sessions/step.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/** The record of this device. @throws OmemoError `invalid-argument` when it was never made. */
export async function ownIdentity(context: AccountContext, unit: UnitOfWork): Promise<IdentityRecord> {
  const identity = await unit.get(identityRecord, context.keys.identity);
  if (identity === undefined) throw new OmemoError('invalid-argument', 'there is no device in this store');
  return identity;
}

/** What session steps need of this device. */
export function sessionContext(context: AccountContext, identity: IdentityRecord): SessionContext {
  const { profile, limits, randomness } = context;
  return { identityKeyPair: identity.identityKeyPair, profile, limits, randomness };
}
