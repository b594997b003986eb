import type { AccountContext } from '../context.ts';
import type { OmemoError } from '../errors.ts';
import { optOutBlock } from '../opt-out/send-block.ts';
import type { OutboxRecord } from '../records/delivery.ts';
import { waitsForRoom } from '../rooms/waits-for-room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/**
 * Why a stanza of the outbox stays there for now. `opted-out`: plain text was asked for in its conversation after it was
 * encrypted (XEP-0384 5.7), and it waits for `optOut.resume`. `room-not-entered`: its room would send it back.
 */
export type HoldReason = 'opted-out' | 'room-not-entered';

export interface Hold {
  readonly reason: HoldReason;
  /** What whoever sends it is told. */
  readonly cause?: OmemoError;
}

/** The records that say so, to be read ahead at once. */
export function holdKeys({ keys }: AccountContext, conversation: string | undefined): readonly string[] {
  return conversation === undefined ? [] : [keys.optOut(conversation), keys.room(conversation)];
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
  if (conversation === undefined) return undefined;
  await unit.load(holdKeys(context, conversation));
  const cause = await optOutBlock(context, unit, [conversation]);
  if (cause !== undefined) return { reason: 'opted-out', cause };
  return (await waitsForRoom(context, unit, conversation)) ? { reason: 'room-not-entered' } : undefined;
}
