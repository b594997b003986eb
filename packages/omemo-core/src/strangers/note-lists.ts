import type { AccountContext } from '../context.ts';
import { strangersRecord } from '../records/strangers.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { forgetDevice } from './forget-device.ts';
import { oldestBeyond } from './oldest-beyond.ts';
import { isStranger, strangersIn } from './stranger.ts';

/**
 * Remembers whose device lists are cached although nobody has written to them alone: an event brought them, or a room has them for
 * members. A server can announce lists of as many accounts as it makes up, and a room can name ever new members: beyond the limit the
 * oldest are forgotten, and fetched when they are needed (S17, S60).
 *
 * @returns the accounts whose lists went.
 */
export async function noteLists(
  context: AccountContext,
  unit: UnitOfWork,
  jids: readonly string[],
): Promise<readonly string[]> {
  const { keys, limits } = context;
  await unit.load([keys.strangers, ...jids.map(keys.trust)]);
  const trusts = await unit.getMany(trustRecord, jids.map(keys.trust));
  const noted = new Set(jids.filter((jid, index) => isStranger(context, jid, trusts[index]?.value)));
  if (noted.size === 0) return [];
  const strangers = await strangersIn(context, unit);
  const announced = [...strangers.announced.filter((jid) => !noted.has(jid)), ...noted];
  const evicted = await oldestBeyond(context, unit, {
    entries: announced,
    jidOf: (jid) => jid,
    most: limits.maxAnnouncedLists,
  });
  await unit.load([...evicted].map(keys.trust));
  const known = new Set(strangers.devices.map(({ jid }) => jid));
  for (const jid of evicted) if (!known.has(jid)) await forgetAccount(context, unit, jid);
  unit.put(strangersRecord, keys.strangers, { ...strangers, announced: announced.filter((jid) => !evicted.has(jid)) });
  return [...evicted];
}

/** All that is stored of a stranger. What we know because they wrote to us goes with the devices that did: see `noteStranger`. */
async function forgetAccount(context: AccountContext, unit: UnitOfWork, jid: string): Promise<void> {
  const { keys } = context;
  const trust = await unit.get(trustRecord, keys.trust(jid));
  if (!isStranger(context, jid, trust)) return;
  for (const { deviceId } of trust?.devices ?? []) await forgetDevice(context, unit, { jid, deviceId });
  unit.remove(keys.deviceList(jid));
  unit.remove(keys.refreshDebt(jid));
}
