import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';

/**
 * What rooms told up to now does not hold for a new connection: while there was none, nobody told us of affiliations. Each room is
 * asked again once it is entered (XEP-0384 5.8.1, R104).
 */
export async function markRoomsStale(context: AccountContext, signal?: AbortSignal): Promise<void> {
  await context.transact(async (unit) => {
    for (const { key, value } of await unit.list(roomRecord, context.keys.roomPrefix)) {
      if (value.lists === 'current') unit.put(roomRecord, key, { ...value, lists: 'stale' });
    }
  }, signal);
}
