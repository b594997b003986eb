import { noteCatchUp } from '../account/catch-up.ts';
import { type Allowance, taken } from '../allowance.ts';
import type { AccountContext } from '../context.ts';
import { markStale } from '../devices/device-lists.ts';
import { HOUR } from '../limits.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { deviceListRecord } from '../records/device-list.ts';
import type { IdentityRecord } from '../records/identity.ts';
import { type SessionStartsRecord, sessionStartsRecord } from '../records/strangers.ts';
import { trustRecord } from '../records/trust.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { noteStranger } from '../strangers/note-stranger.ts';
import { isStranger, strangersIn } from '../strangers/stranger.ts';
import type { SessionSet } from './session.ts';
import { retireAll } from './session-set.ts';
import { putSessions } from './store-sessions.ts';

/** Milliseconds for which a device list is believed that does not have the device. */
const LIST_STANDS = 60_000;

/**
 * A message came from a device that there is no session with: "clients SHOULD create a session with that device and notify
 * it" by an empty message (XEP-0384 section 6, X39). It is owed, and paid if the device is listed then. That is no reaction to a
 * decryption error, which section 8 forbids: nothing was there to decrypt with. The same holds for a key exchange whose pre-key
 * is gone, while the device has not answered ours: those sessions of our own give way to the new one.
 *
 * The message is not authenticated, so that whoever makes up such messages must not make us start sessions without end:
 * one a device and so many an account within their times, kept in the store (S30). Strangers have an allowance of their own, for
 * names are made up without end: what they use up is not missing where contacts lost their sessions.
 *
 * @returns whether one is owed now.
 */
export async function oweSession(
  context: AccountContext,
  unit: UnitOfWork,
  message: {
    readonly device: DeviceAddress;
    readonly own: IdentityRecord;
    readonly set: SessionSet;
    readonly delivery: 'live' | 'catch-up';
  },
): Promise<boolean> {
  const { device, own, set, delivery } = message;
  const { keys, limits } = context;
  const now = context.now();
  if (device.jid === context.jid && [own.deviceId, ...own.formerDeviceIds].includes(device.deviceId)) return false;
  if (set.startedAt !== undefined && Math.abs(now - set.startedAt) < limits.sessionStartInterval) return set.answerOwed;
  const list = await unit.get(deviceListRecord, keys.deviceList(device.jid));
  const listed = list?.devices.some(({ id }) => id === device.deviceId) ?? false;
  if (!listed && list !== undefined && Math.abs(now - list.updatedAt) < LIST_STANDS) return false;

  const stranger = isStranger(context, device.jid, await unit.get(trustRecord, keys.trust(device.jid)));
  if (!(await takeStart(context, unit, stranger ? 'strangersWholeAt' : 'wholeAt'))) return false;
  await putSessions(context, unit, device, { before: set, after: { ...retireAll(set), startedAt: now } });
  if (!listed) await markStale(context, unit, device.jid);
  if (stranger) {
    await noteStranger(context, unit, { device, strangers: await strangersIn(context, unit) });
  }
  if (delivery === 'catch-up') await noteCatchUp(context, unit, 'owed');
  return true;
}

/** Takes one of the allowance of contacts, or of that of strangers; false when nothing is left of it. */
async function takeStart(
  { keys, limits, now }: AccountContext,
  unit: UnitOfWork,
  whose: keyof SessionStartsRecord,
): Promise<boolean> {
  const before = (await unit.get(sessionStartsRecord, keys.sessionStarts)) ?? { wholeAt: 0, strangersWholeAt: 0 };
  const count = { wholeAt: limits.sessionStarts, strangersWholeAt: limits.strangerSessionStarts }[whose];
  const allowance: Allowance = { count, period: HOUR };
  const wholeAt = taken(before[whose], allowance, now());
  if (wholeAt === undefined) return false;
  unit.put(sessionStartsRecord, keys.sessionStarts, { ...before, [whose]: wholeAt });
  return true;
}
