import { TransportError } from '@omemo-kit/omemo-core/ports';
import { type ElementLike, transportErrorOf, xml } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import { fromXmpp } from './elements.ts';

/** What xmpp.js rejected with, as TransportError: a stanza error with its conditions, a timeout, or no connection. */
export function toTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const { name, element } = (error ?? {}) as { readonly name?: unknown; readonly element?: ElementLike };
  if (name === 'StanzaError' && element !== undefined) return transportErrorOf(answerOf(element));
  if (name === 'TimeoutError') return new TransportError('timeout', { message: 'no answer in time', cause: error });
  // All else is a socket that takes nothing.
  return disconnected(error);
}

export function disconnected(cause?: unknown): TransportError {
  return new TransportError('disconnected', { message: 'there is no connection', cause });
}

/** The whole stanza that the error came in, for what else it says. */
function answerOf(error: ElementLike): Element {
  return error.parent?.name === 'iq' ? fromXmpp(error.parent) : xml('iq', { type: 'error' }, fromXmpp(error));
}
