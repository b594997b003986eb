import type { AccountContext } from '../context.ts';
import { roomRecord } from '../records/room.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/**
 * Of what is stored of strangers, oldest first, what is more than the limit. Who is in a room of ours is needed with its next message:
 * what is stored of them does not count, and stays as long as they are in it. A room has a limit of its own (S17, S60).
 */
export async function oldestBeyond<Entry>(
  context: AccountContext,
  unit: UnitOfWork,
  stored: { readonly entries: readonly Entry[]; readonly most: number; jidOf(entry: Entry): string },
): Promise<ReadonlySet<Entry>> {
  const { entries, most, jidOf } = stored;
  if (entries.length <= most) return new Set();
  const rooms = await unit.list(roomRecord, context.keys.roomPrefix);
  const members = new Set(rooms.flatMap(({ value }) => value.members.map(({ jid }) => jid)));
  const others = entries.filter((entry) => !members.has(jidOf(entry)));
  return new Set(others.slice(0, Math.max(0, others.length - most)));
}
