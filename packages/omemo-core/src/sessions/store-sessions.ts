import type { AccountContext } from '../context.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { debtRecord } from '../records/delivery.ts';
import { sessionSetRecord } from '../records/session.ts';
import { skippedRecord } from '../records/skipped.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { Session, SessionSet } from './session.ts';
import { evictedSessions } from './session-set.ts';

/**
 * Writes a device's sessions, removes the skipped keys of those that had to make room, and keeps the record by which
 * upkeep finds the devices that are owed an answer.
 */
export function putSessions(
  context: AccountContext,
  unit: UnitOfWork,
  device: DeviceAddress,
  sets: { readonly before: SessionSet; readonly after: SessionSet },
): Promise<void> | undefined {
  const { before, after } = sets;
  unit.put(sessionSetRecord, context.keys.session(device.jid, device.deviceId), after);
  if (before.answerOwed !== after.answerOwed) {
    const debt = context.keys.answerDebt(device.jid, device.deviceId);
    if (after.answerOwed) unit.put(debtRecord, debt, { since: context.now() });
    else unit.remove(debt);
  }
  const evicted = evictedSessions(before, after).filter(({ ratchet }) => ratchet.skippedCount > 0);
  return evicted.length === 0 ? undefined : removeSkipped(context, unit, device, evicted);
}

async function removeSkipped(
  { keys }: AccountContext,
  unit: UnitOfWork,
  device: DeviceAddress,
  sessions: readonly Session[],
): Promise<void> {
  for (const { id: sessionId } of sessions) {
    const prefix = keys.skippedPrefix({ ...device, sessionId });
    for (const { key } of await unit.list(skippedRecord, prefix)) unit.remove(key);
  }
}
