import { type BareJid, bareJidOf, unwrapForwarded } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import type { StanzaFacts } from '../records/delivery.ts';
import { millisecondsOf } from '../records/milliseconds.ts';
import { assertOwnMessage, occupantAt, roomArchives, roomOrigin } from '../rooms/origin.ts';
import { noteReflection, type Reflection } from '../rooms/reflection.ts';
import type { UnitGroup } from '../storage/unit-group.ts';
import { type Bounced, receiveBounce } from './bounce.ts';
import { decrypt } from './decrypt.ts';
import { judgeEnvelope } from './judge-envelope.ts';
import type { ReceiveOptions } from './receive-options.ts';
import type { DecryptResult, Ignored, SenderUnknown } from './results.ts';
import { stanzaFacts } from './stanza-facts.ts';

export interface GroupedOptions extends ReceiveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Those whose commit a message shares. */
  readonly group?: UnitGroup | undefined;
}

type MessageResult = DecryptResult | Bounced | SenderUnknown | Reflection | Ignored;

/** Takes in a `<message/>`: by itself, as a carbon copy, or out of an archive. */
export async function receiveMessage(
  context: AccountContext,
  stanza: Element,
  options: GroupedOptions,
): Promise<{ readonly result: Promise<MessageResult> }> {
  const { signal } = options;
  const archives = await roomArchives(context, stanza, signal);
  const unwrapped = unwrapForwarded({ stanza, ownBareJid: context.jid, archives });
  assertOwnMessage(unwrapped, context.jid);
  const { message, delay, kind } = unwrapped;
  const facts = stanzaFacts(context, message, kind);
  const about = { stanza: facts, delayedAt: millisecondsOf(delay?.stamp) };
  if (facts.type === 'error') return done(await receiveBounce(context, { message, kind, ...about }, signal));
  const encrypted = context.profile.elements.findEncrypted(message);
  if (encrypted === undefined) return done({ type: 'ignored' });
  const origin = options.sender === undefined ? await roomOrigin(context, unwrapped, signal) : undefined;
  const from = origin === undefined ? senderOf(context, message, facts, options.sender) : origin.jid;
  if (from === undefined) return done({ type: 'sender-unknown', ...about });
  const room = facts.type === 'groupchat' ? bareJidOf(facts.from) : undefined;
  const to = room ?? addresseeOf(context, from, facts.to);

  const { deviceId } = await context.transact((unit) => ownIdentity(context, unit), signal);
  const { sid, key, payload } = context.profile.elements.readEncrypted(encrypted, { jid: context.jid, deviceId });
  // Of this device, which writes no key for itself (X41, S58); one of somebody else's account may have the same id.
  if (room !== undefined && from === context.jid && sid === deviceId) {
    return done(await noteReflection(context, { room, id: facts.id }));
  }
  // An empty message for another device, which the server sent to all: there is nothing to miss in it.
  if (key === undefined && payload === undefined) return done({ type: 'ignored' });
  const result = decrypt(
    context,
    {
      ...{ from, sid, key, payload, room },
      content: 'envelope',
      keep: 'inbox',
      judge: (plaintext) => judgeEnvelope(plaintext, { from, to, room }),
      delivery: options.delivery ?? 'live',
      ...about,
    },
    { signal, group: options.group },
  );
  return { result };
}

/** In a wrapping, so that whoever waits for this does not wait for what is to come. */
export function done<T>(result: T): { readonly result: Promise<T> } {
  return { result: Promise.resolve(result) };
}

/** Whom a message outside of rooms is for. What another own device sent through a room is for an occupant of it. */
function addresseeOf(context: AccountContext, from: BareJid, to: string | undefined): BareJid {
  if (to === undefined) return context.jid;
  return (from === context.jid ? occupantAt(context, to) : undefined) ?? bareJidOf(to);
}

const NS_MUC_USER = 'http://jabber.org/protocol/muc#user';

/** The account that a message is from, by the word of the server; undefined when it came through a room (XEP-0045 7.4, 7.5). */
function senderOf(
  context: AccountContext,
  message: Element,
  { type, from }: StanzaFacts,
  sender: string | undefined,
): BareJid | undefined {
  if (sender !== undefined) return bareJidOf(sender);
  const jid = bareJidOf(from);
  const throughRoom = type === 'groupchat' || (jid !== context.jid && message.getChild('x', NS_MUC_USER) !== undefined);
  return throughRoom ? undefined : jid;
}
