import type { BareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';
import { refreshRoom } from './refresh.ts';

/** Milliseconds that a room which did not answer is left alone. */
const ASK_AGAIN_AFTER = 60_000;

/**
 * Asks each room that this instance is in and that has to be asked: it was entered just now, or configured (XEP-0384 5.8.1,
 * R104). Of rooms that we are not in there is nothing to keep track of.
 *
 * @returns why a room could not be asked; it is asked again.
 */
export async function refreshStaleRooms(context: AccountContext, signal?: AbortSignal): Promise<readonly unknown[]> {
  const causes: unknown[] = [];
  for (const { room } of context.rooms.joined) {
    try {
      await refreshIfStale(context, room, signal);
    } catch (cause) {
      causes.push(cause);
    }
  }
  return causes;
}

/**
 * Asks a room that we are in and that has to be asked; before a message to it, that nobody has to wait for upkeep.
 *
 * @throws as `refreshRoom`
 */
export async function refreshIfStale(context: AccountContext, room: BareJid, signal?: AbortSignal): Promise<void> {
  const presence = context.rooms.get(room);
  if (presence === undefined || !presence.joined) return;
  const { failure } = presence;
  if (failure !== undefined && context.now() - failure.at < ASK_AGAIN_AFTER) return;
  const record = await context.transact((unit) => unit.get(roomRecord, context.keys.room(room)), signal);
  if (record?.lists !== 'current' || presence.mustAsk) await refreshRoom(context, room, signal);
}
