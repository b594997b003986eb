import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/** Whether what is for this address is for a room that was not entered since the connection is new: it would only come back (XEP-0045 7.4). */
export async function waitsForRoom(context: AccountContext, unit: UnitOfWork, conversation: string): Promise<boolean> {
  if (context.rooms.get(conversation)?.joined) return false;
  return (await unit.get(roomRecord, context.keys.room(conversation)))?.lists === 'stale';
}
