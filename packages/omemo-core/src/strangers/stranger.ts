import { type Allowance, taken } from '../allowance.ts';
import type { AccountContext } from '../context.ts';
import { HOUR } from '../limits.ts';
import { type StrangersRecord, strangersRecord } from '../records/strangers.ts';
import type { TrustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

const nobody: StrangersRecord = { wholeAt: 0, devices: [], announced: [] };

/**
 * Whether an account is a stranger's: not our own, one that we never wrote content to and whose keys nobody accepted.
 * Anybody can make as many of them as they like (S17).
 */
export function isStranger({ jid: own }: AccountContext, jid: string, trust: TrustRecord | undefined): boolean {
  if (jid === own || trust?.writtenTo) return false;
  return !trust?.keys.some(({ level }) => level === 'verified');
}

export async function strangersIn(context: AccountContext, unit: UnitOfWork): Promise<StrangersRecord> {
  return (await unit.get(strangersRecord, context.keys.strangers)) ?? nobody;
}

/** What is left for key exchanges of strangers after one more; undefined when nothing is (S17). */
export function afterKeyExchange(context: AccountContext, strangers: StrangersRecord): StrangersRecord | undefined {
  const allowance: Allowance = { count: context.limits.strangerKeyExchanges, period: HOUR };
  const wholeAt = taken(strangers.wholeAt, allowance, context.now());
  return wholeAt === undefined ? undefined : { ...strangers, wholeAt };
}
