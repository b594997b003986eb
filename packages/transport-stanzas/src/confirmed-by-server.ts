import { TransportError } from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { StanzaChannel } from './channel.ts';
import { xml } from './stanzas/element.ts';

/**
 * For connections without stream management: whether the server has what was sent before this call. A server handles the
 * stanzas of a connection in their order (RFC 6120 10.1), so that any answer to a ping (XEP-0199), a refusal too, says so.
 */
export async function confirmedByServer(
  channel: Pick<StanzaChannel, 'jid' | 'request'>,
  signal?: AbortSignal,
): Promise<'accepted' | 'handed-over'> {
  const server = bareJidOf(channel.jid).replace(/^.*@/, '');
  const ping = xml('iq', { type: 'get', to: server }, xml('ping', { xmlns: 'urn:xmpp:ping' }));
  try {
    await channel.request(ping, signal);
    return 'accepted';
  } catch (error) {
    return error instanceof TransportError && error.answer !== undefined ? 'accepted' : 'handed-over';
  }
}
