import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type PolicyName, policyNames, trustRecord } from '../records/trust.ts';
import { noKeys } from './known-keys.ts';

export interface PolicyChoice {
  /** Bare JID of a contact, or our own for our other devices. */
  readonly jid: string;
  /** `default`: the policy that holds for all, given when the Omemo was opened. */
  readonly policy: PolicyName | 'default';
}

/**
 * Chooses another policy for the keys that one account will show. Those it has shown keep what was decided about them.
 *
 * @throws OmemoError `invalid-argument` for a policy that does not exist.
 */
export async function choosePolicy(context: AccountContext, { jid, policy }: PolicyChoice): Promise<void> {
  if (policy !== 'default' && !policyNames.includes(policy)) {
    throw new OmemoError('invalid-argument', 'there is no such trust policy');
  }
  const chosen = policy === 'default' ? undefined : policy;
  const key = context.keys.trust(jid);
  await context.transact(async (unit) => {
    const record = (await unit.get(trustRecord, key)) ?? noKeys;
    if (record.policy !== chosen) unit.put(trustRecord, key, { ...record, policy: chosen });
  });
}
