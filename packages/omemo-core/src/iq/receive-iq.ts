import { type BareJid, bareJidOf, type Envelope, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import type { AccountContext } from '../context.ts';
import { decrypt } from '../messages/decrypt.ts';
import type { ReceiveOptions } from '../messages/receive-options.ts';
import type { Arrival, DecryptResult, Ignored, Sender, SenderUnknown } from '../messages/results.ts';
import { stanzaFacts } from '../messages/stanza-facts.ts';
import type { StanzaFacts } from '../records/delivery.ts';
import { knownRoom } from '../rooms/known-room.ts';
import { occupantAt } from '../rooms/origin.ts';
import { judgeIq } from './iq-content.ts';

/**
 * An encrypted request: answer it with `omemo.iq.answer`. It is not in the inbox. Who asks waits for an answer and asks again,
 * under new keys, when none comes; what another process finds in a store later nobody waits for any more. That it is a `get` or a
 * `set` is the server's word, as is the resource it comes from; the account, the device and the content are authentic.
 */
export interface ReadRequest extends Arrival {
  readonly type: 'request';
  /** The same for every copy: a copy is a `duplicate`, and is not to be acted upon. */
  readonly id: string;
  readonly sender: Sender;
  readonly content: Element;
  readonly envelope: Envelope;
  readonly receivedAt: number;
  readonly stanza: StanzaFacts;
}

/** Takes in an `<iq/>` of type get or set; answers go to who asked, see `Transport.request`, and are ignored here. */
export async function receiveIq(
  context: AccountContext,
  iq: Element,
  { sender: told, signal }: ReceiveOptions & { readonly signal?: AbortSignal | undefined },
): Promise<DecryptResult | ReadRequest | SenderUnknown | Ignored> {
  const stanza = stanzaFacts(context, iq, 'plain');
  const { type } = stanza;
  const encrypted = context.profile.elements.findEncrypted(iq);
  if (encrypted === undefined || (type !== 'get' && type !== 'set')) return { type: 'ignored' };
  const from = told === undefined ? await requesterAt(context, stanza.from, signal) : bareJidOf(told);
  if (from === undefined) return { type: 'sender-unknown', stanza, delayedAt: undefined };
  const to = stanza.to === undefined ? context.jid : bareJidOf(stanza.to);
  // It is for this account, or somebody mixed up streams: no server delivers it here.
  if (to !== context.jid) throw new WireError('invalid-jid', 'an IQ for somebody else', { details: { part: 'to' } });
  const { deviceId } = await context.transact((unit) => ownIdentity(context, unit), signal);
  const { sid, key, payload } = context.profile.elements.readEncrypted(encrypted, { jid: context.jid, deviceId });
  const result = await decrypt(
    context,
    {
      ...{ from, sid, key, payload, stanza },
      room: undefined,
      content: 'envelope',
      keep: 'hand-over',
      judge: (plaintext) => judgeIq(plaintext, { from, to, type }),
      delivery: 'live',
      delayedAt: undefined,
    },
    { signal },
  );
  if (result.type !== 'message' || result.envelope === undefined) return result;
  const { id, sender, envelope, receivedAt } = result;
  return {
    type: 'request',
    id,
    sender,
    content: envelope.content[0]!,
    envelope,
    receivedAt,
    stanza,
    delayedAt: undefined,
  };
}

/** The account behind an address. Of an occupant of a room (XEP-0045) it is not that of the room, or a session were kept under it. */
async function requesterAt(
  context: AccountContext,
  address: string,
  signal: AbortSignal | undefined,
): Promise<BareJid | undefined> {
  const jid = bareJidOf(address);
  if (jid === context.jid || !address.includes('/')) return jid;
  return (await knownRoom(context, jid, signal)) === undefined ? jid : occupantAt(context, address);
}
