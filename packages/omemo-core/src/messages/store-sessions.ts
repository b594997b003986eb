import type { AccountContext } from '../context.ts';
import { sessionSetRecord } from '../records/session.ts';
import { skippedRecord } from '../records/skipped.ts';
import type { SessionSet } from '../sessions/session.ts';
import { evictedSessions } from '../sessions/session-set.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { DeviceAddress } from './addresses.ts';

/** Writes a device's sessions, and removes the skipped keys of those that had to make room. */
export async function putSessions(
  context: AccountContext,
  unit: UnitOfWork,
  device: DeviceAddress,
  sets: { readonly before: SessionSet; readonly after: SessionSet },
): Promise<void> {
  unit.put(sessionSetRecord, context.keys.session(device.jid, device.deviceId), sets.after);
  for (const { id: sessionId, ratchet } of evictedSessions(sets.before, sets.after)) {
    if (ratchet.skippedCount === 0) continue;
    const prefix = context.keys.skippedPrefix({ ...device, sessionId });
    for (const { key } of await unit.list(skippedRecord, prefix)) unit.remove(key);
  }
}
