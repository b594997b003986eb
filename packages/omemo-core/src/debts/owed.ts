import type { AccountContext } from '../context.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { debtRecord } from '../records/delivery.ts';

/** What is owed to others, as the store says. */
export interface Owed {
  /** Devices that an empty message is owed to. */
  readonly answers: readonly DeviceAddress[];
  /** Accounts whose device list is to be fetched again. */
  readonly refreshes: readonly string[];
}

/** One listing, however many contacts there are: a debt is a record of its own. */
export async function owedNow(context: AccountContext, signal?: AbortSignal): Promise<Owed> {
  const { debtPrefix } = context.keys;
  const debts = await context.transact((unit) => unit.list(debtRecord, debtPrefix), signal);
  const answers: DeviceAddress[] = [];
  const refreshes: string[] = [];
  for (const { key } of debts) {
    const [kind, jid = '', deviceId] = key.slice(debtPrefix.length + 1).split('/');
    if (kind === 'answer') answers.push({ jid: decodeURIComponent(jid), deviceId: Number(deviceId) });
    else refreshes.push(decodeURIComponent(jid));
  }
  return { answers, refreshes };
}
