import { type Element, parse } from 'ltx';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type OutboxRecord, outboxRecord } from '../records/delivery.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { addEntry, type Box, boxState, entries, removeEntries } from './box.ts';

/** Stanzas that are encrypted and not known to have reached the server. */
export function outboxOf({ keys, limits }: Pick<AccountContext, 'keys' | 'limits'>): Box<OutboxRecord> {
  return {
    codec: outboxRecord,
    stateKey: keys.outboxState,
    prefix: keys.outboxPrefix,
    entryKey: keys.outbox,
    limit: limits.maxOutbox,
  };
}

/**
 * Puts a stanza into the outbox, in the commit that encrypted it. It starts out claimed by the caller, who is about to
 * send it.
 *
 * @throws OmemoError `outbox-full`, before the commit.
 */
export async function enqueue(
  context: AccountContext,
  unit: UnitOfWork,
  entry: { readonly id: string; readonly stanza: Element; readonly kind: 'message' | 'empty' },
): Promise<void> {
  const box = outboxOf(context);
  const { count } = await boxState(box, unit);
  if (count >= box.limit) throw new OmemoError('outbox-full', `${count} stanzas wait in the outbox`);
  const now = context.now();
  await addEntry(box, unit, {
    id: entry.id,
    stanza: entry.stanza.toString(),
    createdAt: now,
    claimedUntil: now + context.limits.claimDuration,
    attempts: 1,
    empty: entry.kind === 'empty',
  });
}

/**
 * What became of a stanza: the server has it; a connection took it, and `sent` is to be told once the server has it; or
 * it waits in the outbox for the next flush.
 */
export type Delivery = 'accepted' | 'handed-over' | 'queued';

/** Sends a stanza of the outbox that the caller has claimed. A failure of the transport leaves it queued. */
export async function deliver(
  context: AccountContext,
  entry: { readonly id: string; readonly stanza: Element },
  signal?: AbortSignal,
): Promise<{ delivery: Delivery; cause?: unknown }> {
  try {
    const delivery = await context.transport.send(entry.stanza, signal);
    if (delivery === 'accepted') await removeEntries(context, outboxOf(context), [entry.id]);
    return { delivery };
  } catch (cause) {
    await claimUntil(context, entry.id, 0);
    return { delivery: 'queued', cause };
  }
}

/** Sends again, with the same bytes and ids, whatever nobody is sending; oldest first. Returns how many went out. */
export async function flushOutbox(context: AccountContext, signal?: AbortSignal): Promise<number> {
  let sent = 0;
  for (const { id, claimedUntil, stanza } of await entries(context, outboxOf(context))) {
    if (claimedUntil > context.now()) continue;
    if (!(await claimUntil(context, id, context.now() + context.limits.claimDuration))) continue;
    const { delivery } = await deliver(context, { id, stanza: parse(stanza) }, signal);
    // A connection that is gone takes no other stanza either.
    if (delivery === 'queued') break;
    sent += 1;
  }
  return sent;
}

/** Claims an entry, or frees it with 0; false when somebody else has it or it is gone. */
async function claimUntil(context: AccountContext, id: string, until: number): Promise<boolean> {
  return context.transact(async (unit) => {
    const key = context.keys.outbox(id);
    const entry = await unit.get(outboxRecord, key);
    if (entry === undefined || (until > 0 && entry.claimedUntil > context.now())) return false;
    const attempts = until > 0 ? entry.attempts + 1 : entry.attempts;
    unit.put(outboxRecord, key, { ...entry, claimedUntil: until, attempts });
    return true;
  });
}
