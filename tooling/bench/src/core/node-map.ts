import { type FetchRequest, type PubsubItem, type Transport, TransportError } from '@omemo-kit/omemo-core';
import { Element } from 'ltx';

/** Published items by JID, node and id: what a server knows, without a server's work. */
export class NodeMap {
  readonly #nodes = new Map<string, Map<string, PubsubItem>>();

  put(jid: string, node: string, item: PubsubItem): void {
    const key = `${jid} ${node}`;
    const items = this.#nodes.get(key) ?? new Map<string, PubsubItem>();
    items.set(item.id, item);
    this.#nodes.set(key, items);
  }

  /** @throws TransportError `item-not-found` for a node that nobody published on */
  items({ jid, node, itemIds }: FetchRequest): readonly PubsubItem[] {
    const items = this.#nodes.get(`${jid} ${node}`);
    if (items === undefined) throw new TransportError('item-not-found');
    return [...items.values()].filter(({ id }) => itemIds === undefined || itemIds.includes(id));
  }
}

/** The transport of one account: what it publishes is there at once, what it sends is kept for whoever delivers it. */
export function transportOn(nodes: NodeMap, jid: string, sent: Element[]): Transport {
  return {
    publish: async ({ node, item }) => nodes.put(jid, node, item),
    fetch: async (request) => nodes.items(request),
    configure: async () => undefined,
    retract: async () => undefined,
    request: async () => new Element('iq', { type: 'result' }),
    send: async (stanza) => {
      sent.push(stanza);
      return 'accepted';
    },
  };
}
