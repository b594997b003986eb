import {
  type ConfigureRequest,
  type FetchRequest,
  type PublishRequest,
  type PubsubItem,
  type RetractRequest,
  type Transport,
  TransportError,
} from '@omemo-kit/omemo-core/ports';
import { parseXml } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import type { ServerAnswer, ServerCall } from './server-call.ts';

/** The Transport port over whatever carries calls to the parent. */
export class RemoteTransport implements Transport {
  readonly #carry: (call: ServerCall) => Promise<ServerAnswer>;

  constructor(carry: (call: ServerCall) => Promise<ServerAnswer>) {
    this.#carry = carry;
  }

  async publish({ node, item, options }: PublishRequest): Promise<void> {
    const text = { id: item.id, payload: item.payload.toString() };
    await this.#ask({ call: 'publish', node, item: text, ...(options === undefined ? {} : { options }) });
  }

  async fetch({ jid, node, itemIds }: FetchRequest): Promise<readonly PubsubItem[]> {
    const answer = await this.#ask({ call: 'fetch', jid, node, ...(itemIds === undefined ? {} : { itemIds }) });
    return 'items' in answer ? answer.items.map(({ id, payload }) => ({ id, payload: parseXml(payload) })) : [];
  }

  async configure({ node, options }: ConfigureRequest): Promise<void> {
    await this.#ask({ call: 'configure', node, options });
  }

  async retract({ node, itemId }: RetractRequest): Promise<void> {
    await this.#ask({ call: 'retract', node, itemId });
  }

  async request(iq: Element): Promise<Element> {
    const answer = await this.#ask({ call: 'request', iq: iq.toString() });
    if ('result' in answer) return parseXml(answer.result);
    throw new TransportError('undefined-condition');
  }

  async send(stanza: Element): Promise<'accepted' | 'handed-over'> {
    const answer = await this.#ask({ call: 'send', stanza: stanza.toString() });
    return 'delivery' in answer ? answer.delivery : 'handed-over';
  }

  async #ask(call: ServerCall): Promise<ServerAnswer> {
    const answer = await this.#carry(call);
    if (!('failed' in answer)) return answer;
    const { failed, application } = answer;
    throw new TransportError(failed, application === undefined ? {} : { applicationCondition: application });
  }
}
