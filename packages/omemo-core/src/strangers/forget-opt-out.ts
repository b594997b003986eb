import type { AccountContext } from '../context.ts';
import { optOutRecord } from '../records/opt-out.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/**
 * Removes what a stranger asked for whose last device is forgotten: ever new ones that ask for plain text once must not fill the store
 * (S17). It blocks nothing that the user began, who has never written to a stranger. What the user agreed to, or asked for, stays.
 */
export async function forgetOptOut(context: AccountContext, unit: UnitOfWork, jid: string): Promise<void> {
  const key = context.keys.optOut(jid);
  const record = await unit.get(optOutRecord, key);
  if (record === undefined || record.confirmed) return;
  if (record.requests.every(({ from }) => from === jid)) unit.remove(key);
}
