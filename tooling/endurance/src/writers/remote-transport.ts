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
import type { Report, ServerAnswer, ServerCall } from './messages.ts';

/** The Transport port over a channel to the parent. */
export class RemoteTransport implements Transport {
  readonly #tell: (report: Report) => void;
  readonly #waiting = new Map<number, (answer: ServerAnswer) => void>();
  #calls = 0;

  constructor(tell: (report: Report) => void) {
    this.#tell = tell;
  }

  answered(id: number, answer: ServerAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
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

  async send(stanza: Element): Promise<'accepted'> {
    await this.#ask({ call: 'send', stanza: stanza.toString() });
    return 'accepted';
  }

  async #ask(call: ServerCall): Promise<ServerAnswer> {
    const id = ++this.#calls;
    const answer = await new Promise<ServerAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#tell({ type: 'call', id, call });
    });
    if (!('failed' in answer)) return answer;
    const { failed, application } = answer;
    throw new TransportError(failed, application === undefined ? {} : { applicationCondition: application });
  }
}
