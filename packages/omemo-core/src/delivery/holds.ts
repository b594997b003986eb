import { deactivatedError, storedIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import type { OmemoError } from '../errors.ts';
import { optOutBlock } from '../opt-out/send-block.ts';
import { type OutboxRecord, outboxRecord } from '../records/delivery.ts';
import { compareApproved } from '../rooms/approval.ts';
import { waitsForRoom } from '../rooms/waits-for-room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/**
 * Why a stanza of the outbox stays there for now. `deactivated`: OMEMO is not in use on this device (R119). `opted-out`: plain text was asked for in its conversation after it was
 * encrypted (XEP-0384 5.7), and it waits for `optOut.resume`. `room-not-entered`: its room would send it back. `room-unknown`: its
 * membership was approved, and the room has to be asked for it. `membership-changed`: it is another one now (S56); it is marked
 * as what bounced, and waits for `resend` or `discard`.
 */
export type HoldReason = 'deactivated' | 'opted-out' | 'room-not-entered' | 'room-unknown' | 'membership-changed';

export interface Hold {
  readonly reason: HoldReason;
  /** What whoever sends it is told. */
  readonly cause?: OmemoError;
}

/** The records that say so, to be read ahead at once. */
export function holdKeys({ keys }: AccountContext, conversation: string | undefined): readonly string[] {
  return [keys.identity, ...(conversation === undefined ? [] : [keys.optOut(conversation), keys.room(conversation)])];
}

/**
 * What keeps a stanza of the outbox from leaving. Asked in the unit that claims it, and again right before it leaves: what it
 * was encrypted under may have changed since, and the user's last word is what counts (R98).
 */
export async function holdOf(
  context: AccountContext,
  unit: UnitOfWork,
  entry: OutboxRecord,
): Promise<Hold | undefined> {
  const { conversation } = entry;
  await unit.load(holdKeys(context, conversation));
  const { standing } = await storedIdentity(context, unit);
  if (standing !== 'active') return { reason: 'deactivated', cause: deactivatedError() };
  if (conversation === undefined) return undefined;
  const cause = await optOutBlock(context, unit, [conversation]);
  if (cause !== undefined) return { reason: 'opted-out', cause };
  if (await waitsForRoom(context, unit, conversation)) return { reason: 'room-not-entered' };
  if (entry.approved === undefined) return undefined;
  const members = await compareApproved(context, unit, { room: conversation, version: entry.approved });
  if (members === 'same') return undefined;
  return { reason: members === 'unknown' ? 'room-unknown' : 'membership-changed' };
}

/** The same; what is not to leave at all is marked, and told, with this unit's commit. */
export async function holdBack(
  context: AccountContext,
  unit: UnitOfWork,
  entry: OutboxRecord,
): Promise<Hold | undefined> {
  const hold = await holdOf(context, unit, entry);
  const { id, conversation: room } = entry;
  if (hold?.reason !== 'membership-changed' || room === undefined) return hold;
  unit.put(outboxRecord, context.keys.outbox(id), { ...entry, bounced: hold.reason, claimedUntil: 0 });
  unit.tell('unsent', { id, room, reason: hold.reason });
  return hold;
}
