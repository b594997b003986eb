import type { AccountContext } from '../context.ts';
import { TransportError } from '../ports/transport.ts';
import { roomRecord } from '../records/room.ts';
import type { RoomPresence } from './room-presence.ts';

/** By which a service says that a room is not there, or not any more (RFC 6120 8.3.3.7, 8.3.3.5). */
const NOT_THERE = ['item-not-found', 'gone'];

/** A room that is not there has no members: those that are stored are not written to until it is there again and was asked (S56). */
export async function noteIfGone(context: AccountContext, presence: RoomPresence, error: unknown): Promise<void> {
  if (!(error instanceof TransportError) || !NOT_THERE.includes(error.condition)) return;
  // For this process that is enough, should the store fail now.
  presence.noteLoss();
  const key = context.keys.room(presence.room);
  const marked = context.transact(async (unit) => {
    const record = await unit.get(roomRecord, key);
    if (record?.lists === 'current') unit.put(roomRecord, key, { ...record, lists: 'stale' });
  });
  await marked.catch(() => undefined);
}
