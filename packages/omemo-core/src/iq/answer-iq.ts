import { bareJidOf, createElement, type StanzaError, serializeStanzaError, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { envelopeArgument } from '../arguments.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { encryptPayload } from '../messages/encrypt.ts';
import type { StanzaFacts } from '../records/delivery.ts';
import { compareOnce } from '../rollback/compare.ts';
import type { ReadRequest } from './receive-iq.ts';

/** What is answered: the content of a result, nothing but "done", or an error. */
export type OutgoingAnswer =
  | { readonly content?: Element; readonly error?: never }
  | { readonly error: Omit<StanzaError, 'applicationCondition'>; readonly content?: never };

/**
 * Answers a request, encrypted to the device that asked and to no other, since nobody else waits for it.
 *
 * @throws OmemoError as `Omemo.encrypt`: a device that is not trusted gets no answer (XEP-0384 section 8); TransportError.
 */
export async function answerIq(
  context: AccountContext,
  { request, answer }: { readonly request: ReadRequest; readonly answer: OutgoingAnswer },
  signal?: AbortSignal,
): Promise<void> {
  const { sender, stanza } = request;
  const to = bareJidOf(sender.jid);
  const { jid, randomness } = context;
  const affixes = { from: jid, to, time: new Date(context.now()), padding: randomness.padding() };
  const plaintext = envelopeArgument({ content: contentOf(answer), ...affixes });
  const only = { own: 'left-out', onlyDevice: sender.deviceId, acquaints: 'no' } as const;
  await compareOnce(context, signal);
  const { encrypted } = await encryptPayload(context, { to: [to], plaintext, ...only }, signal);
  const iq = replyTo(stanza, answer.error === undefined ? 'result' : 'error');
  iq.cnode(encrypted);
  await context.transport.send(iq, signal);
}

/**
 * Tells whoever sent a request that could not be read that no answer will come (RFC 6120 8.2.3: each request is answered).
 * In the clear, and of no authenticity: it says that something encrypted was not read, which the server sees anyway.
 *
 * @throws OmemoError `invalid-argument` for what is no request; TransportError.
 */
export async function refuseIq(
  context: AccountContext,
  { stanza }: { readonly stanza: StanzaFacts | undefined },
  signal?: AbortSignal,
): Promise<void> {
  if (stanza?.type !== 'get' && stanza?.type !== 'set') {
    throw new OmemoError('invalid-argument', 'only requests are answered');
  }
  const iq = replyTo(stanza, 'error');
  iq.cnode(serializeStanzaError({ type: 'modify', condition: 'not-acceptable' }));
  await context.transport.send(iq, signal);
}

function replyTo({ id, from }: StanzaFacts, type: 'result' | 'error'): Element {
  return createElement('iq', { xmlns: 'jabber:client', type, id, to: from });
}

function contentOf({ content, error }: OutgoingAnswer): readonly Element[] {
  if (error === undefined) return content === undefined ? [] : [content];
  try {
    return [serializeStanzaError(error)];
  } catch (cause) {
    if (cause instanceof WireError) throw new OmemoError('invalid-argument', 'this error cannot be sent', { cause });
    throw cause;
  }
}
