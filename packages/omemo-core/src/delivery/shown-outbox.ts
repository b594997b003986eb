import type { AccountContext } from '../context.ts';
import type { OutboxRecord } from '../records/delivery.ts';
import { type HoldReason, holdKeys, holdOf } from './holds.ts';
import { outboxOf } from './outbox.ts';

/** An entry of the outbox, as an application sees it. */
export interface OutboxEntry extends OutboxRecord {
  /** Why it is not sent for now; undefined for what goes out with the next flush, and for what came back (`bounced`). */
  readonly held: HoldReason | undefined;
}

/** All entries in the order they were added, each with what holds it at this moment. */
export function shownOutbox(context: AccountContext): Promise<readonly OutboxEntry[]> {
  const { codec, prefix } = outboxOf(context);
  return context.transact(async (unit) => {
    const found = (await unit.list(codec, prefix)).map(({ value }) => value);
    await unit.load(found.flatMap((entry) => holdKeys(context, entry.conversation)));
    const shown: OutboxEntry[] = [];
    for (const entry of found.sort((a, b) => a.sequence - b.sequence)) {
      const hold = entry.bounced === undefined ? await holdOf(context, unit, entry) : undefined;
      shown.push({ ...entry, held: hold?.reason });
    }
    return shown;
  });
}
