import { createElement } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { isAbsent } from '../devices/fetch-list.ts';
import { type NodeOptions, TransportError } from '../ports/transport.ts';
import { isUnanswered } from './unanswered.ts';

const NS_PUBSUB_OWNER = 'http://jabber.org/protocol/pubsub#owner';
const NS_DATA = 'jabber:x:data';
/** Fields of a configuration that are looked at; servers have about thirty. */
const MAX_FIELDS = 100;

/**
 * How a node of the own account is configured (XEP-0060 8.2.1). `absent`: there is no such node; `unknown`: this server does
 * not say.
 *
 * @throws TransportError when there was no answer.
 */
export async function readNodeConfiguration(
  { transport }: AccountContext,
  node: string,
  signal?: AbortSignal,
): Promise<NodeOptions | 'absent' | 'unknown'> {
  const iq = createElement('iq', { xmlns: 'jabber:client', type: 'get' });
  iq.c('pubsub', { xmlns: NS_PUBSUB_OWNER }).c('configure', { node });
  try {
    const answer = await transport.request(iq, signal);
    const form = answer.getChild('pubsub', NS_PUBSUB_OWNER)?.getChild('configure')?.getChild('x', NS_DATA);
    if (form === undefined) return 'unknown';
    const fields = form.getChildren('field').slice(0, MAX_FIELDS);
    return Object.fromEntries(fields.map((field) => [String(field.attrs['var']), field.getChildText('value') ?? '']));
  } catch (error) {
    if (!(error instanceof TransportError) || isUnanswered(error)) throw error;
    return isAbsent(error) ? 'absent' : 'unknown';
  }
}
