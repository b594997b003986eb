import type { Transport } from '@omemo-kit/omemo-core/ports';
import { bareJidOf, NODE_DEVICES } from '@omemo-kit/omemo-wire';
import type { StanzaChannel } from '../channel.ts';
import { stanzaTransport } from '../stanza-transport.ts';
import { subscribeToDevices } from './subscribe.ts';

/** Accounts subscribed to for one connection's life: what a server stores for them and we need not repeat. */
const MAX_WATCHED = 1_000;

/**
 * The Transport over a channel that also subscribes to each device list it is asked to fetch: nobody pushed that list, so that
 * its next change would go unseen (XEP-0384 5.2, R49). Subscribed first, so that nothing lies between; where that is refused
 * the list is what was fetched.
 */
export function watchingLists(channel: StanzaChannel): Transport {
  const transport = stanzaTransport(channel);
  const watched = new Set<string>();
  return {
    ...transport,
    fetch(request, signal) {
      const { jid, node } = request;
      const isNew = node === NODE_DEVICES && !watched.has(jid) && watched.size < MAX_WATCHED;
      if (isNew && jid !== bareJidOf(channel.jid)) {
        watched.add(jid);
        // Tried again with the next fetch, where there was no list yet, or no answer.
        subscribeToDevices(channel, jid, signal).catch(() => watched.delete(jid));
      }
      return transport.fetch(request, signal);
    },
  };
}
