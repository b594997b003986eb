import type { BareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';
import type { RoomPresence } from './room-presence.ts';

/** The room of this JID, if it is one of ours; any other address may only look like a room's. */
export async function knownRoom(
  context: AccountContext,
  jid: BareJid,
  signal?: AbortSignal,
): Promise<RoomPresence | undefined> {
  const known = context.rooms.get(jid);
  if (known !== undefined) return known;
  const record = await context.transact((unit) => unit.get(roomRecord, context.keys.room(jid)), signal);
  return record === undefined ? undefined : context.rooms.add(context, jid);
}
