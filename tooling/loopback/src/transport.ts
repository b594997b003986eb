import type {
  ConfigureRequest,
  FetchRequest,
  PublishRequest,
  PubsubItem,
  RetractRequest,
  Transport,
} from '@omemo-kit/omemo-core/ports';
import type { Element } from 'ltx';
import { writeForm } from './data-form.ts';
import { NS_PUBSUB, NS_PUBSUB_OWNER } from './namespaces.ts';
import { attribute, copyElement, xml } from './stanza.ts';

/** What the transport speaks through. */
export interface StanzaChannel {
  send(stanza: Element, signal?: AbortSignal): Promise<'accepted' | 'handed-over'>;
  request(iq: Element, signal?: AbortSignal): Promise<Element>;
}

/** The Transport port in real stanzas, so that all it does is seen, logged and hit by faults. */
export class LoopbackTransport implements Transport {
  readonly #channel: StanzaChannel;

  constructor(channel: StanzaChannel) {
    this.#channel = channel;
  }

  async publish({ node, item, options }: PublishRequest, signal?: AbortSignal): Promise<void> {
    const pubsub = xml('pubsub', { xmlns: NS_PUBSUB });
    pubsub.append(xml('publish', { node }, xml('item', { id: item.id }, copyElement(item.payload))));
    if (options !== undefined) {
      pubsub.append(xml('publish-options', {}, writeForm('submit', `${NS_PUBSUB}#publish-options`, options)));
    }
    await this.#channel.request(xml('iq', { type: 'set' }, pubsub), signal);
  }

  async fetch({ jid, node, itemIds }: FetchRequest, signal?: AbortSignal): Promise<readonly PubsubItem[]> {
    const asked = (itemIds ?? []).map((id) => xml('item', { id }));
    const pubsub = xml('pubsub', { xmlns: NS_PUBSUB }, xml('items', { node }, ...asked));
    const answer = await this.#channel.request(xml('iq', { type: 'get', to: jid }, pubsub), signal);
    const items = answer.getChild('pubsub', NS_PUBSUB)?.getChild('items')?.getChildren('item') ?? [];
    return items.flatMap((item) => {
      const payload = item.getChildElements()[0];
      return payload === undefined ? [] : [{ id: attribute(item, 'id') ?? '', payload: copyElement(payload) }];
    });
  }

  async configure({ node, options }: ConfigureRequest, signal?: AbortSignal): Promise<void> {
    const configure = xml('configure', { node }, writeForm('submit', `${NS_PUBSUB}#node_config`, options));
    await this.#channel.request(
      xml('iq', { type: 'set' }, xml('pubsub', { xmlns: NS_PUBSUB_OWNER }, configure)),
      signal,
    );
  }

  async retract({ node, itemId }: RetractRequest, signal?: AbortSignal): Promise<void> {
    const retract = xml('retract', { node, notify: 'true' }, xml('item', { id: itemId }));
    await this.#channel.request(xml('iq', { type: 'set' }, xml('pubsub', { xmlns: NS_PUBSUB }, retract)), signal);
  }

  request(iq: Element, signal?: AbortSignal): Promise<Element> {
    return this.#channel.request(iq, signal);
  }

  send(stanza: Element, signal?: AbortSignal): Promise<'accepted' | 'handed-over'> {
    return this.#channel.send(stanza, signal);
  }
}
