import { bareJidOf, NODE_DEVICES } from '@omemo-kit/omemo-wire';
import type { StanzaChannel } from '../channel.ts';
import { NS_PUBSUB } from '../namespaces.ts';
import { xml } from '../stanzas/element.ts';

/**
 * Subscribes the own account to the device list of one that shares no presence with it (XEP-0060 6.1, XEP-0384 5.2): its
 * server pushes the list's changes from then on, over this session and later ones. With presence subscription the list comes by
 * itself, see `Capabilities`. Rejects with TransportError, with `item-not-found` or `forbidden` where there is no list.
 */
export function subscribeToDevices(channel: StanzaChannel, jid: string, signal?: AbortSignal): Promise<void> {
  return change(channel, { action: 'subscribe', jid }, signal);
}

/** Ends {@link subscribeToDevices} (XEP-0060 6.2). */
export function unsubscribeFromDevices(channel: StanzaChannel, jid: string, signal?: AbortSignal): Promise<void> {
  return change(channel, { action: 'unsubscribe', jid }, signal);
}

async function change(
  channel: StanzaChannel,
  { action, jid }: { readonly action: 'subscribe' | 'unsubscribe'; readonly jid: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  // The bare JID, so that it holds for whatever resource is bound next and for all devices of the account.
  const asked = xml(action, { node: NODE_DEVICES, jid: bareJidOf(channel.jid) });
  await channel.request(
    xml('iq', { type: 'set', to: bareJidOf(jid) }, xml('pubsub', { xmlns: NS_PUBSUB }, asked)),
    signal,
  );
}
