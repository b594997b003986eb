import type { AccountContext } from '../context.ts';
import { type TrustRecord, trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { noKeys, type Sighting, withSightings } from './known-keys.ts';

/** Remembers identity keys that devices of an account showed, judged by the policy; written only when one is new. */
export async function rememberSightings(
  context: AccountContext,
  unit: UnitOfWork,
  input: { readonly jid: string; readonly sightings: readonly Sighting[] },
): Promise<TrustRecord> {
  const { jid, sightings } = input;
  const key = context.keys.trust(jid);
  const before = (await unit.get(trustRecord, key)) ?? noKeys;
  const judge = { policy: context.policy, jid, own: jid === context.jid, now: context.now() };
  const after = withSightings(before, sightings, judge);
  if (after !== before) unit.put(trustRecord, key, after);
  return after;
}
