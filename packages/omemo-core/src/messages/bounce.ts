import { bareJidOf, parseStanzaError, type StanzaError, type Unwrapped, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { AccountContext } from '../context.ts';
import { removeEntries } from '../delivery/box.ts';
import { outboxOf, stanzaOf } from '../delivery/outbox.ts';
import { type OutboxRecord, outboxRecord } from '../records/delivery.ts';
import type { Arrival, Ignored } from './results.ts';
import { stanzaAttribute } from './stanza-facts.ts';

/**
 * A message came back: a server or client answered it with an error (RFC 6120 8.3). Nothing about sessions has changed. Who
 * may say so about a message that is not in the outbox is for the application: it knows whom it wrote to. About one to a room
 * that is the room without a nick; an occupant's error may be about a private message only.
 */
export interface Bounced extends Arrival {
  readonly type: 'bounced';
  /** Id of the message as it was sent. */
  readonly id: string;
  readonly error: StanzaError;
  /**
   * `waits`: it is in the outbox, marked, and is not sent again by itself: `resend` or `discard` it. `gone`: it is not there,
   * since the server had taken it, or it was never ours.
   */
  readonly entry: 'waits' | 'gone';
}

/**
 * Takes in a message of type error. What is reflected in it is not looked at, so that no error ever moves a session. An
 * entry of the outbox is marked and kept until the application says what is to become of it: nothing is lost in a crash.
 */
export async function receiveBounce(
  context: AccountContext,
  received: Pick<Bounced, 'stanza' | 'delayedAt'> & { readonly message: Element; readonly kind: Unwrapped['kind'] },
  signal: AbortSignal | undefined,
): Promise<Bounced | Ignored> {
  const { message, kind, stanza, delayedAt } = received;
  const id = stanzaAttribute(message, 'id');
  if (id === undefined || id === '') return { type: 'ignored' };
  const error = parseStanzaError(message);
  // A copy is about what another of our clients sent.
  const mark = kind === 'plain' ? await markEntry(context, { id, message, error }, signal) : 'gone';
  if (mark === 'not-to-be-told') return { type: 'ignored' };
  return { type: 'bounced', id, error, entry: mark, stanza, delayedAt };
}

async function markEntry(
  context: AccountContext,
  bounce: { readonly id: string; readonly message: Element; readonly error: StanzaError },
  signal: AbortSignal | undefined,
): Promise<Bounced['entry'] | 'not-to-be-told'> {
  const { id, message, error } = bounce;
  const key = context.keys.outbox(id);
  const found = await context.transact(async (unit) => {
    const entry = await unit.get(outboxRecord, key);
    if (entry === undefined || !mayAnswer(context, message, entry)) return entry && 'forged';
    if (!entry.empty) unit.put(outboxRecord, key, { ...entry, bounced: error.condition, claimedUntil: 0 });
    return entry;
  }, signal);
  if (found === undefined) return 'gone';
  // Somebody else guessed the id.
  if (found === 'forged') return 'not-to-be-told';
  if (!found.empty) return 'waits';
  // Nobody wrote it, and nobody misses it.
  await removeEntries(context, outboxOf(context), [id]);
  return 'not-to-be-told';
}

/**
 * An error counts only from where the message was sent, or from our own server (RFC 6120 8.1.2.1, 8.3.1). What went to an account may
 * be answered by any of its clients; at the address of a room every resource is somebody else, who knows the message's id.
 */
function mayAnswer({ jid }: AccountContext, message: Element, entry: OutboxRecord): boolean {
  const from = stanzaAttribute(message, 'from');
  if (from === undefined) return true;
  const sent = stanzaOf(entry);
  const to = stanzaAttribute(sent, 'to') ?? jid;
  try {
    const sender = bareJidOf(from);
    const allowed: readonly string[] = [jid, domainOf(to), domainOf(jid)];
    if (allowed.includes(sender)) return true;
    if (sender !== bareJidOf(to)) return false;
    const anyClient = stanzaAttribute(sent, 'type') !== 'groupchat' && resourceOf(to) === undefined;
    return anyClient || resourceOf(from) === undefined || resourceOf(from) === resourceOf(to);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

function resourceOf(jid: string): string | undefined {
  const slash = jid.indexOf('/');
  return slash < 0 ? undefined : jid.slice(slash + 1);
}

function domainOf(jid: string): string {
  return bareJidOf(jid).replace(/^.*@/, '');
}
