import type { AccountContext } from '../context.ts';
import { strangersRecord } from '../records/strangers.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { isStranger, strangersIn } from './stranger.ts';

/**
 * Remembers whose device list is cached only because an event brought it. A server can announce lists of as many accounts
 * as it makes up: beyond the limit the oldest are forgotten, and fetched when they are needed (S17, S60).
 */
export async function noteAnnouncedList(context: AccountContext, unit: UnitOfWork, jid: string): Promise<void> {
  const { keys, limits } = context;
  if (!isStranger(context, jid, await unit.get(trustRecord, keys.trust(jid)))) return;
  const strangers = await strangersIn(context, unit);
  const announced = [...strangers.announced.filter((one) => one !== jid), jid];
  const tooMany = Math.max(0, announced.length - limits.maxAnnouncedLists);
  const evicted = announced.slice(0, tooMany);
  await unit.load(evicted.map(keys.trust));
  for (const one of evicted) {
    // Of an account whose devices we met more is kept than the list, and it goes with those.
    if ((await unit.get(trustRecord, keys.trust(one))) !== undefined) continue;
    unit.remove(keys.deviceList(one));
    unit.remove(keys.refreshDebt(one));
  }
  unit.put(strangersRecord, keys.strangers, { ...strangers, announced: announced.slice(tooMany) });
}
