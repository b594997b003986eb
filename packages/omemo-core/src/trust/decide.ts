import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import type { AccountContext } from '../context.ts';
import { type TrustLevel, trustRecord } from '../records/trust.ts';
import { noKeys, withDecision } from './known-keys.ts';

export interface TrustDecision {
  /** Bare JID: trust in a key holds for one account only. */
  readonly jid: string;
  readonly identityKey: Ed25519PublicKey;
  readonly level: TrustLevel;
}

/** Remembers what was decided about an identity key of an account. */
export async function decideTrust(context: AccountContext, decision: TrustDecision, signal?: AbortSignal) {
  const key = context.keys.trust(decision.jid);
  await context.transact(async (unit) => {
    const record = (await unit.get(trustRecord, key)) ?? noKeys;
    unit.put(trustRecord, key, withDecision(record, { ...decision, now: context.now() }));
  }, signal);
}
