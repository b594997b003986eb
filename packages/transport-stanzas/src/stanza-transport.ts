import type { PubsubItem, Transport } from '@omemo-kit/omemo-core/ports';
import type { StanzaChannel } from './channel.ts';
import { NS_PUBSUB, NS_PUBSUB_OWNER } from './namespaces.ts';
import { copyElement } from './stanzas/copy-element.ts';
import { submitForm } from './stanzas/data-form.ts';
import { attribute, xml } from './stanzas/element.ts';

/** The Transport port of omemo-core over a channel: pubsub in stanzas. Errors are those of the channel. */
export function stanzaTransport(channel: Pick<StanzaChannel, 'request' | 'send'>): Transport {
  return {
    async publish({ node, item, options }, signal) {
      const publish = xml('publish', { node }, xml('item', { id: item.id }, copyElement(item.payload)));
      const pubsub = xml('pubsub', { xmlns: NS_PUBSUB }, publish);
      if (options !== undefined) {
        // XEP-0060 7.1.5: the node is made, or must be, as these say.
        pubsub.cnode(xml('publish-options', {}, submitForm(`${NS_PUBSUB}#publish-options`, options)));
      }
      await channel.request(xml('iq', { type: 'set' }, pubsub), signal);
    },

    async fetch({ jid, node, itemIds }, signal) {
      const asked = (itemIds ?? []).map((id) => xml('item', { id }));
      const pubsub = xml('pubsub', { xmlns: NS_PUBSUB }, xml('items', { node }, ...asked));
      const answer = await channel.request(xml('iq', { type: 'get', to: jid }, pubsub), signal);
      const items = answer.getChild('pubsub', NS_PUBSUB)?.getChild('items')?.getChildren('item') ?? [];
      return items.flatMap((item): PubsubItem[] => {
        const payload = item.getChildElements()[0];
        return payload === undefined ? [] : [{ id: attribute(item, 'id') ?? '', payload: copyElement(payload) }];
      });
    },

    async configure({ node, options }, signal) {
      const configure = xml('configure', { node }, submitForm(`${NS_PUBSUB}#node_config`, options));
      await channel.request(xml('iq', { type: 'set' }, xml('pubsub', { xmlns: NS_PUBSUB_OWNER }, configure)), signal);
    },

    async retract({ node, itemId }, signal) {
      // Contacts and other own devices are to hear of it (XEP-0060 7.2.2.1).
      const retract = xml('retract', { node, notify: 'true' }, xml('item', { id: itemId }));
      await channel.request(xml('iq', { type: 'set' }, xml('pubsub', { xmlns: NS_PUBSUB }, retract)), signal);
    },

    request: (iq, signal) => channel.request(iq, signal),
    send: (stanza, signal) => channel.send(stanza, signal),
  };
}
