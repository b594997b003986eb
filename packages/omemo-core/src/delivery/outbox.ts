import { bareJidOf, parseXml } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { sameBytes } from '../records/bytes.ts';
import { type OutboxRecord, outboxRecord } from '../records/delivery.ts';
import { compareOnce } from '../rollback/compare.ts';
import { raiseAsStored } from '../rollback/counter.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { addEntry, type Box, boxState, entries, removeEntries } from './box.ts';
import { type Hold, type HoldReason, holdBack, holdKeys } from './holds.ts';

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

/** Why a stanza is marked that never came back. */
const UNSENT: HoldReason = 'membership-changed';

/** A stanza as it is put into the outbox. */
export interface Sealed {
  readonly id: string;
  readonly stanza: Element;
  readonly kind: 'message' | 'empty';
  /** See `OutboxRecord.conversation`. */
  readonly conversation?: string | undefined;
  /** See `OutboxRecord.approved`. */
  readonly approved?: string | undefined;
}

/**
 * Puts a stanza into the outbox, in the commit that encrypted it. It starts out claimed by the caller, who is about to
 * send it.
 *
 * @throws OmemoError `outbox-full`, or `invalid-argument` for an id that is there already; before the commit.
 */
export async function enqueue(context: AccountContext, unit: UnitOfWork, entry: Sealed): Promise<void> {
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
    conversation: entry.conversation,
    approved: entry.approved,
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
): Promise<{ delivery: Delivery; cause?: unknown; held?: HoldReason }> {
  let delivery: Delivery;
  try {
    await compareOnce(context, signal);
    await raiseAsStored(context);
    const hold = await holdNow(context, entry, signal);
    if (hold !== undefined) {
      await setClaim(context, entry.id, 'free').catch(() => undefined);
      const { reason: held, cause } = hold;
      return { delivery: 'queued', held, ...(cause === undefined ? {} : { cause }) };
    }
    delivery = await context.transport.send(entry.stanza, signal);
  } catch (cause) {
    // A claim that cannot be given back runs out by itself.
    await setClaim(context, entry.id, 'free').catch(() => undefined);
    return { delivery: 'queued', cause };
  }
  if (delivery === 'accepted') await noteSent(context, [entry.id]).catch(() => undefined);
  return { delivery };
}

/** What keeps a stanza from leaving that was encrypted, or claimed, a while ago. */
function holdNow(
  context: AccountContext,
  { id, stanza }: { readonly id: string; readonly stanza: Element },
  signal: AbortSignal | undefined,
): Promise<Hold | undefined> {
  const key = context.keys.outbox(id);
  const to = stanza.attrs['to'];
  return context.transact(async (unit) => {
    await unit.load([key, ...holdKeys(context, to && bareJidOf(to))]);
    await ownIdentity(context, unit);
    const entry = await unit.get(outboxRecord, key);
    return entry && holdBack(context, unit, entry);
  }, signal);
}

/**
 * The server has these stanzas. One that it sent back stays: its user is to learn of it, and acknowledgements come late. One
 * that was not sent again has arrived with an earlier attempt.
 */
export function noteSent(context: AccountContext, ids: readonly string[]): Promise<void> {
  return removeEntries(context, outboxOf(context), ids, ({ bounced }) => bounced === undefined || bounced === UNSENT);
}

/**
 * Stanzas that came back are to be sent once more. Of one that was not sent because of its room's members the user knows by now
 * that they are others, and wants it sent to whom it is encrypted for.
 */
export function unmarkBounced(context: AccountContext, ids: readonly string[]): Promise<void> {
  const keys = [...new Set(ids)].map(context.keys.outbox);
  return context.transact(async (unit) => {
    for (const { key, value } of await unit.getMany(outboxRecord, keys)) {
      if (value?.bounced === undefined) continue;
      const approved = value.bounced === UNSENT ? undefined : value.approved;
      unit.put(outboxRecord, key, { ...value, approved, bounced: undefined, claimedUntil: 0 });
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
  const { standing } = await context.transact((unit) => ownIdentity(context, unit), signal);
  if (standing !== 'active') return { sent: 0, nextClaimEnds: undefined };
  let sent = 0;
  const ends: number[] = [];
  for (const entry of await entries(context, outboxOf(context))) {
    const claim = own === 'take-over' ? 'take-over' : 'if-free';
    if (entry.bounced !== undefined) continue;
    const claimed = mayClaim(context, entry, claim) ? await setClaim(context, entry.id, claim) : 'lost';
    if (claimed === 'held') continue;
    if (claimed === 'lost') {
      ends.push(entry.claimedUntil);
      continue;
    }
    const { delivery, held } = await deliver(context, { id: entry.id, stanza: stanzaOf(entry) }, signal);
    if (held !== undefined) continue;
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

/**
 * Claims an entry, one of our own too when taking over, or frees it. `held`: it is not to leave now; `lost`: somebody else has
 * it or it is gone.
 */
async function setClaim(context: AccountContext, id: string, claim: Claim | 'free'): Promise<'done' | 'held' | 'lost'> {
  return context.transact(async (unit) => {
    // Each entry anew: the store may be found to be an old copy while a flush is under way.
    if (claim !== 'free') await ownIdentity(context, unit);
    const key = context.keys.outbox(id);
    const entry = await unit.get(outboxRecord, key);
    if (entry === undefined) return 'lost';
    if (claim === 'free') {
      // The claim may have run out meanwhile, and be somebody else's now.
      if (!sameBytes(entry.claimedBy, context.instance)) return 'lost';
      unit.put(outboxRecord, key, { ...entry, claimedUntil: 0 });
      return 'done';
    }
    if (!mayClaim(context, entry, claim)) return 'lost';
    if ((await holdBack(context, unit, entry)) !== undefined) return 'held';
    const claimedUntil = context.now() + context.limits.claimDuration;
    unit.put(outboxRecord, key, { ...entry, claimedUntil, claimedBy: context.instance, attempts: entry.attempts + 1 });
    return 'done';
  });
}

type Claim = 'if-free' | 'take-over';

function mayClaim(context: AccountContext, entry: OutboxRecord, claim: Claim): boolean {
  if (entry.bounced !== undefined) return false;
  if (entry.claimedUntil <= context.now()) return true;
  return claim === 'take-over' && sameBytes(entry.claimedBy, context.instance);
}
