import type { StanzaChannel } from './channel.ts';
import { NS_CARBONS } from './namespaces.ts';
import { xml } from './stanzas/element.ts';

/** Asks for copies of what other clients of the account send and receive (XEP-0280), in each new session anew. */
export async function enableCarbons(channel: StanzaChannel, signal?: AbortSignal): Promise<void> {
  await channel.request(xml('iq', { type: 'set' }, xml('enable', { xmlns: NS_CARBONS })), signal);
}
