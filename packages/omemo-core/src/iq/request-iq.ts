import { type BareJid, createElement, type Envelope, parseStanzaError, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { ownIdentity } from '../account/identity.ts';
import { envelopeArgument, fullJidArgument } from '../arguments.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { decrypt } from '../messages/decrypt.ts';
import { encryptPayload } from '../messages/encrypt.ts';
import type { DecryptResult, Sender } from '../messages/results.ts';
import { stanzaFacts } from '../messages/stanza-facts.ts';
import { TransportError } from '../ports/transport.ts';
import { compareOnce } from '../rollback/compare.ts';
import { judgeIq } from './iq-content.ts';

export interface OutgoingRequest {
  /** Full JID: the one resource that is asked. */
  readonly to: string;
  readonly type: 'get' | 'set';
  /** The one element of the request, in its own namespace. */
  readonly content: Element;
  /**
   * The device at that resource, where an earlier answer told it (`sender.deviceId`): only it gets a key. Without it all
   * devices of the account get one, and all but one of these never arrive: a thousand such requests, and the sessions with the
   * others cannot bridge the gap any more.
   */
  readonly deviceId?: number;
}

export interface IqAnswer {
  /** The device that answered. */
  readonly sender: Sender;
  /** The one element of the answer; undefined for a plain "done". */
  readonly content: Element | undefined;
  readonly envelope: Envelope;
}

/**
 * Asks one resource of an account something, encrypted to the account's devices (XEP-0384 5.5, XEP-0420 "Use in <iq/>
 * stanzas"), and reads the encrypted answer. Message keys are spent before anything is sent; nothing is kept in the outbox,
 * and nothing is sent again by itself: a `set` that got no answer may have been carried out.
 *
 * @throws OmemoError `request-refused` with the error inside the encryption, `answer-unreadable`, and all that
 * `encryptPayload` throws; TransportError for errors that servers can make up: `timeout`, `disconnected`,
 * `service-unavailable` and the like.
 */
export async function requestIq(
  context: AccountContext,
  request: OutgoingRequest,
  signal?: AbortSignal,
): Promise<IqAnswer> {
  if (request.type !== 'get' && request.type !== 'set')
    throw new OmemoError('invalid-argument', 'no type of a request');
  const { full, bare } = fullJidArgument(request.to);
  const { jid, randomness } = context;
  const affixes = { from: jid, to: bare, time: new Date(context.now()), padding: randomness.padding() };
  const plaintext = envelopeArgument({ content: [request.content], ...affixes });
  const only = request.deviceId === undefined ? {} : { onlyDevice: request.deviceId };
  await compareOnce(context, signal);
  const { encrypted } = await encryptPayload(context, { to: [bare], own: 'left-out', plaintext, ...only }, signal);
  const iq = createElement('iq', { xmlns: 'jabber:client', type: request.type, to: full });
  iq.cnode(encrypted);
  try {
    return await readAnswer(context, { answer: await context.transport.request(iq, signal), from: bare }, signal);
  } catch (error) {
    // An error that is encrypted says more than the one around it, and nobody else can have said it.
    const refusal = error instanceof TransportError ? error.answer : undefined;
    if (refusal === undefined || context.profile.elements.findEncrypted(refusal) === undefined) throw error;
    return readAnswer(context, { answer: refusal, from: bare }, signal);
  }
}

async function readAnswer(
  context: AccountContext,
  { answer, from }: { readonly answer: Element; readonly from: BareJid },
  signal: AbortSignal | undefined,
): Promise<IqAnswer> {
  const result = await decryptAnswer(context, { answer, from }, signal);
  if (result?.type !== 'message' || result.envelope === undefined) {
    throw unreadable(result);
  }
  const { sender, envelope } = result;
  if (answer.attrs['type'] === 'result') return { sender, envelope, content: envelope.content[0] };
  const error = createElement('iq');
  for (const element of envelope.content) error.cnode(element);
  const details = { ...parseStanzaError(error), jid: sender.jid, deviceId: sender.deviceId };
  throw new OmemoError('request-refused', `the device answered ${details.condition}`, { details });
}

/** Undefined when it is not encrypted. */
async function decryptAnswer(
  context: AccountContext,
  { answer, from }: { readonly answer: Element; readonly from: BareJid },
  signal: AbortSignal | undefined,
): Promise<DecryptResult | undefined> {
  const { elements } = context.profile;
  const { deviceId } = await context.transact((unit) => ownIdentity(context, unit), signal);
  const stanza = stanzaFacts(context, answer, 'plain');
  const type = stanza.type === 'error' ? 'error' : 'result';
  try {
    const encrypted = elements.findEncrypted(answer);
    if (encrypted === undefined) return undefined;
    const read = elements.readEncrypted(encrypted, { jid: context.jid, deviceId });
    const judge = (plaintext: Uint8Array) => judgeIq(plaintext, { from, to: context.jid, type });
    const fixed = { room: undefined, content: 'envelope', keep: 'hand-over', delivery: 'live' } as const;
    return await decrypt(context, { ...fixed, ...read, from, judge, delayedAt: undefined, stanza }, { signal });
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    const about = { jid: from, deviceId: 0, id: undefined, stanza, delayedAt: undefined };
    return { type: 'failed', ...about, code: 'malformed', cause };
  }
}

function unreadable(result: DecryptResult | undefined): OmemoError {
  if (result === undefined) {
    const details = { why: 'not-encrypted', reason: undefined } as const;
    return new OmemoError('answer-unreadable', 'the answer is not encrypted', { details });
  }
  const reason = result.type === 'failed' ? result.code : result.type === 'rejected' ? result.reason : undefined;
  const cause = result.type === 'failed' ? result.cause : undefined;
  return new OmemoError('answer-unreadable', 'the answer cannot be read', {
    cause,
    details: { why: result.type, reason },
  });
}
