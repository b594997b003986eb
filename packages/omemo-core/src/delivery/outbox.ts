import { parseXml } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { sameBytes } from '../records/bytes.ts';
import { type OutboxRecord, outboxRecord } from '../records/delivery.ts';
import { compareOnce } from '../rollback/compare.ts';
import { raiseAsStored } from '../rollback/counter.ts';
import { waitsForRoom } from '../rooms/waits-for-room.ts';
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
 * @throws OmemoError `outbox-full`, or `invalid-argument` for an id that is there already; before the commit.
 */
export async function enqueue(
  context: AccountContext,
  unit: UnitOfWork,
  entry: { readonly id: string; readonly stanza: Element; readonly kind: 'message' | 'empty' },
): Promise<void> {
  const box = outboxOf(context);
  const { count } = await boxState(box, unit);
  if (count >= box.limit) throw new OmemoError('outbox-full', `${count} stanzas wait in the outbox`);
  if ((await unit.get(outboxRecord, context.keys.outbox(entry.id))) !== undefined) {
    throw new OmemoError('invalid-argument', 'a stanza with this id waits in the outbox');
  }
  const now = context.now();
  await addEntry(box, unit, {
    id: entry.id,
    stanza: entry.stanza.toString(),
    createdAt: now,
    claimedUntil: now + context.limits.claimDuration,
    claimedBy: context.instance,
    attempts: 1,
    empty: entry.kind === 'empty',
    bounced: undefined,
  });
}

/**
 * What became of a stanza: the server has it; a connection took it, and `sent` is to be told once the server has it; or
 * it waits in the outbox for the next flush.
 */
export type Delivery = 'accepted' | 'handed-over' | 'queued';

/**
 * Sends a stanza of the outbox that the caller has claimed. It never fails: the message is encrypted and will be sent,
 * and a caller who took it for lost would send it a second time. Where the store cannot be told what happened the entry
 * stays, and the same bytes go out again.
 */
export async function deliver(
  context: AccountContext,
  entry: { readonly id: string; readonly stanza: Element },
  signal?: AbortSignal,
): Promise<{ delivery: Delivery; cause?: unknown }> {
  let delivery: Delivery;
  try {
    await compareOnce(context, signal);
    await raiseAsStored(context);
    delivery = await context.transport.send(entry.stanza, signal);
  } catch (cause) {
    // A claim that cannot be given back runs out by itself.
    await setClaim(context, entry.id, 'free').catch(() => undefined);
    return { delivery: 'queued', cause };
  }
  if (delivery === 'accepted') await noteSent(context, [entry.id]).catch(() => undefined);
  return { delivery };
}

/** The server has these stanzas. One that it sent back stays: its user is to learn of it, and acknowledgements come late. */
export function noteSent(context: AccountContext, ids: readonly string[]): Promise<void> {
  return removeEntries(context, outboxOf(context), ids, ({ bounced }) => bounced === undefined);
}

/** Stanzas that came back are to be sent once more. */
export function unmarkBounced(context: AccountContext, ids: readonly string[]): Promise<void> {
  const keys = [...new Set(ids)].map(context.keys.outbox);
  return context.transact(async (unit) => {
    for (const { key, value } of await unit.getMany(outboxRecord, keys)) {
      if (value?.bounced !== undefined) unit.put(outboxRecord, key, { ...value, bounced: undefined, claimedUntil: 0 });
    }
  });
}

export interface FlushOptions {
  /** `take-over`: a new connection, so that what this instance gave to the last one is sent again too. */
  readonly own: 'wait' | 'take-over';
  readonly signal?: AbortSignal | undefined;
}

export interface Flushed {
  readonly sent: number;
  /** When the next claim of somebody else runs out, in milliseconds since 1970; undefined when there is none. */
  readonly nextClaimEnds: number | undefined;
}

/** Sends again, with the same bytes and ids and oldest first, whatever nobody else is sending. */
export async function flushOutbox(context: AccountContext, { own, signal }: FlushOptions): Promise<Flushed> {
  await context.transact((unit) => ownIdentity(context, unit), signal);
  let sent = 0;
  const ends: number[] = [];
  for (const entry of await entries(context, outboxOf(context))) {
    const claim = own === 'take-over' ? 'take-over' : 'if-free';
    if (entry.bounced !== undefined) continue;
    const stanza = stanzaOf(entry);
    if (await waitsForRoom(context, stanza)) continue;
    if (!mayClaim(context, entry, claim) || !(await setClaim(context, entry.id, claim))) {
      ends.push(entry.claimedUntil);
      continue;
    }
    const { delivery } = await deliver(context, { id: entry.id, stanza }, signal);
    // A connection that is gone takes no other stanza either.
    if (delivery === 'queued') break;
    sent += 1;
  }
  return { sent, nextClaimEnds: ends.length === 0 ? undefined : Math.min(...ends) };
}

/** Our own stanza again: however large it is, we made it. */
export function stanzaOf({ stanza }: OutboxRecord): Element {
  return parseXml(stanza, { xmlLength: stanza.length, attributeLength: stanza.length, xmlDepth: 1_000 });
}

/** Claims an entry, one of our own too when taking over, or frees it; false when somebody else has it or it is gone. */
async function setClaim(context: AccountContext, id: string, claim: Claim | 'free'): Promise<boolean> {
  return context.transact(async (unit) => {
    // Each entry anew: the store may be found to be an old copy while a flush is under way.
    if (claim !== 'free') await ownIdentity(context, unit);
    const key = context.keys.outbox(id);
    const entry = await unit.get(outboxRecord, key);
    if (entry === undefined) return false;
    if (claim === 'free') {
      // The claim may have run out meanwhile, and be somebody else's now.
      if (!sameBytes(entry.claimedBy, context.instance)) return false;
      unit.put(outboxRecord, key, { ...entry, claimedUntil: 0 });
      return true;
    }
    if (!mayClaim(context, entry, claim)) return false;
    const claimedUntil = context.now() + context.limits.claimDuration;
    unit.put(outboxRecord, key, { ...entry, claimedUntil, claimedBy: context.instance, attempts: entry.attempts + 1 });
    return true;
  });
}

type Claim = 'if-free' | 'take-over';

function mayClaim(context: AccountContext, entry: OutboxRecord, claim: Claim): boolean {
  if (entry.bounced !== undefined) return false;
  if (entry.claimedUntil <= context.now()) return true;
  return claim === 'take-over' && sameBytes(entry.claimedBy, context.instance);
}
