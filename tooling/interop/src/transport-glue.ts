import { type NodeOptions, type Transport, TransportError } from '@omemo-kit/omemo-core';
import { Element, parse } from 'ltx';
import type { TwomemoEffect } from './effects.ts';
import type { PublicationSource } from './publications.ts';

export const NODE_DEVICES = 'urn:xmpp:omemo:2:devices';
const NODE_BUNDLES = 'urn:xmpp:omemo:2:bundles';

const OPEN: NodeOptions = { 'pubsub#access_model': 'open' };
// One item per device (XEP-0384 5.3.2): a node that keeps only one would lose the other devices' bundles.
const OPEN_AND_UNLIMITED: NodeOptions = { ...OPEN, 'pubsub#max_items': 'max' };

/** How servers say that there is no such node: to a stranger Prosody answers `forbidden`. */
const NOTHING_THERE = ['item-not-found', 'forbidden'];

/** Reads published lists and bundles through a transport. */
export function sourceFrom(transport: Transport): PublicationSource {
  const item = async (jid: string, node: string, itemIds: readonly string[]): Promise<string | undefined> => {
    try {
      return (await transport.fetch({ jid, node, itemIds }))[0]?.payload.toString();
    } catch (error) {
      if (error instanceof TransportError && NOTHING_THERE.includes(error.condition)) return undefined;
      throw error;
    }
  };
  return {
    devices: (jid) => item(jid, NODE_DEVICES, ['current']),
    bundle: (jid, deviceId) => item(jid, NODE_BUNDLES, [String(deviceId)]),
  };
}

/** Does on a server what an effect says. */
export async function writeEffect(transport: Transport, effect: TwomemoEffect): Promise<void> {
  switch (effect.type) {
    case 'publish-devices':
      return publish({ transport, node: NODE_DEVICES, id: 'current', xml: effect.xml, options: OPEN });
    case 'publish-bundle':
      return publish({
        transport,
        node: NODE_BUNDLES,
        id: String(effect.deviceId),
        xml: effect.xml,
        options: OPEN_AND_UNLIMITED,
      });
    case 'retract-bundle':
      return transport.retract({ node: NODE_BUNDLES, itemId: String(effect.deviceId) });
    case 'send':
      await transport.send(messageStanza({ to: effect.to, xml: effect.xml, type: 'chat' }));
  }
}

interface Publication {
  readonly transport: Transport;
  readonly node: string;
  readonly id: string;
  readonly xml: string;
  readonly options: NodeOptions;
}

async function publish({ transport, node, id, xml, options }: Publication): Promise<void> {
  const item = { id, payload: parse(xml) };
  try {
    await transport.publish({ node, item, options });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    // ejabberd takes no max_items with a publication: the node is there first, and wide afterwards.
    const refused = error.condition === 'resource-constraint';
    if (!refused && error.applicationCondition !== 'precondition-not-met') throw error;
    if (refused) await transport.publish({ node, item });
    await transport.configure({ node, options });
    if (!refused) await transport.publish({ node, item });
  }
}

/** `<message/>` around an `<encrypted/>`, with the hint that the server is to store it (XEP-0384 5.5.3, its example). */
export function messageStanza({ to, xml, type }: { to: string; xml: string; type: 'chat' | 'groupchat' }): Element {
  const stanza = new Element('message', { to, type });
  stanza.append(parse(xml), new Element('store', { xmlns: 'urn:xmpp:hints' }));
  return stanza;
}
