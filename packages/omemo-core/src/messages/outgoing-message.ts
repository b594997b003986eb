import type { Element } from 'ltx';
import { envelopeArgument, jidArgument } from '../arguments.ts';
import type { AccountContext } from '../context.ts';
import type { HoldReason } from '../delivery/holds.ts';
import type { Delivery } from '../delivery/outbox.ts';
import { type Encrypted, encryptPayload } from './encrypt.ts';
import type { OnProgress } from './progress.ts';
import { messageStanza } from './stanza.ts';
import { marksWith, type StanzaMarks } from './stanza-marks.ts';

export interface OutgoingMessage {
  /** Bare JID of the recipient. */
  readonly to: string;
  /** Elements to be kept from servers, each in its own namespace: `<body xmlns='jabber:client'/>` for text. */
  readonly content: readonly Element[];
  /** Elements beside the encrypted one, in the clear for servers to see: an origin id, a request for a receipt. */
  readonly beside?: readonly Element[];
  /** Stanza id; a random one by default. */
  readonly id?: string;
  /** What it says in the clear about being encrypted, in place of what `Omemo.open` was told. */
  readonly marks?: StanzaMarks;
  /** Told how the fetching of device lists and bundles goes on. */
  readonly onProgress?: OnProgress;
}

export interface EncryptedStanza extends Omit<Encrypted, 'stanza'> {
  readonly id: string;
  /** The `<message/>` to send. It is in the outbox until `sent` is told its id. */
  readonly stanza: Element;
}

export interface SentMessage extends EncryptedStanza {
  readonly delivery: Delivery;
  /** Why it is only queued. */
  readonly cause?: unknown;
  /** Set when it will not leave with the next connection either: see `OutboxEntry.held`. */
  readonly held?: HoldReason;
}

/** A message to one account, as a stanza in the outbox. @throws OmemoError as `Omemo.encrypt` says. */
export async function encryptMessage(
  context: AccountContext,
  message: OutgoingMessage,
  signal?: AbortSignal,
): Promise<EncryptedStanza> {
  const { randomness, jid: from } = context;
  const to = jidArgument(message.to);
  const id = message.id ?? randomness.messageId();
  // The affixes of XEP-0384 5.5.1: padding always, and all that it allows besides (R75 to R77).
  const affixes = { from, to, time: new Date(context.now()), padding: randomness.padding() };
  const plaintext = envelopeArgument({ content: message.content, ...affixes });
  const marks = marksWith(context.marks, message.marks);
  const stanza = { id, build: messageStanza({ id, to, beside: message.beside, marks }) };
  const encrypted = await encryptPayload(
    context,
    { to: [to], plaintext, stanza, onProgress: message.onProgress },
    signal,
  );
  return { ...encrypted, id, stanza: encrypted.stanza as Element };
}
