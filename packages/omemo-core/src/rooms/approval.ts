import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { membershipOf } from './members.ts';

/**
 * How the members that a room has now compare with those that were approved for a message; `unknown` while the room has to be
 * asked first. An approval is for the moment in which a message leaves, however long it has waited (S56).
 */
export async function compareApproved(
  context: AccountContext,
  unit: UnitOfWork,
  asked: { readonly room: string; readonly version: string },
): Promise<'same' | 'changed' | 'unknown'> {
  const record = await unit.get(roomRecord, context.keys.room(asked.room));
  const known = record !== undefined && record.lists !== 'stale' && !context.rooms.get(asked.room)?.mustAsk;
  if (!known) return 'unknown';
  return membershipOf(record.members).version === asked.version ? 'same' : 'changed';
}
