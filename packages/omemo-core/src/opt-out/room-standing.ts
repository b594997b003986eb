import type { BareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import type { OptOutRecord } from '../records/opt-out.ts';
import { roomRecord } from '../records/room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { OptOutState } from './opt-out-state.ts';
import { optOutState } from './shown-opt-out.ts';

/**
 * Whether somebody has a say about how a room is written to (XEP-0384 5.7, R98): who gets what is written there has, and we
 * ourselves. A room that anybody may enter must not be silenced by anybody (S61).
 *
 * - `visitor`: the room's lists are known, and without them.
 * - `unclear`: the lists have to be asked for, or are not all shown; it is remembered, and counts once they are in one.
 */
export async function roomStanding(
  context: AccountContext,
  unit: UnitOfWork,
  { room, jid }: { readonly room: BareJid; readonly jid: string },
): Promise<'member' | 'unclear' | 'visitor'> {
  const record = await unit.get(roomRecord, context.keys.room(room));
  // Of a room that was never asked nobody is known, and nothing is sent there before it was.
  if (jid === context.jid || record === undefined || record.members.some((one) => one.jid === jid)) return 'member';
  return record.lists === 'stale' || record.refused.length > 0 ? 'unclear' : 'visitor';
}

/**
 * What holds for a conversation now: of a room whose user has not decided yet only what its members ask for. Undefined where
 * nobody is left who counts.
 */
export async function standingOptOut(
  context: AccountContext,
  unit: UnitOfWork,
  record: OptOutRecord,
): Promise<OptOutState | undefined> {
  const room = await unit.get(roomRecord, context.keys.room(record.jid));
  // What the user agreed to stands, whoever asked for it.
  if (room === undefined || record.confirmed) return optOutState(record);
  const members = new Set<string>([context.jid, ...room.members.map(({ jid }) => jid)]);
  const requests = record.requests.filter(({ from }) => members.has(from));
  return requests.length === 0 ? undefined : optOutState({ ...record, requests });
}
