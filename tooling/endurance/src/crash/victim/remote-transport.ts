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
import type { TransportAnswer, TransportCall } from './messages.ts';
import type { Windows } from './windows.ts';

/** The Transport port over a channel to the parent, which has the server. */
export class RemoteTransport implements Transport {
  readonly #windows: Windows;
  readonly #tell: (report: { readonly type: 'call'; readonly id: number; readonly call: TransportCall }) => void;
  readonly #waiting = new Map<number, (answer: TransportAnswer) => void>();
  #calls = 0;

  constructor(
    windows: Windows,
    tell: (report: { readonly type: 'call'; readonly id: number; readonly call: TransportCall }) => void,
  ) {
    this.#windows = windows;
    this.#tell = tell;
  }

  answered(id: number, answer: TransportAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  async publish({ node, item, options }: PublishRequest): Promise<void> {
    const text = { id: item.id, payload: item.payload.toString() };
    await this.#ask({ call: 'publish', node, item: text, ...(options === undefined ? {} : { options }) });
  }

  async fetch({ jid, node, itemIds }: FetchRequest): Promise<readonly PubsubItem[]> {
    const answer = await this.#ask({ call: 'fetch', jid, node, ...(itemIds === undefined ? {} : { itemIds }) });
    const items = 'items' in answer ? answer.items : [];
    return items.map(({ id, payload }) => ({ id, payload: parseXml(payload) }));
  }

  async configure({ node, options }: ConfigureRequest): Promise<void> {
    await this.#ask({ call: 'configure', node, options });
  }

  async retract({ node, itemId }: RetractRequest): Promise<void> {
    await this.#ask({ call: 'retract', node, itemId });
  }

  async send(stanza: Element): Promise<'accepted' | 'handed-over'> {
    const answer = await this.#call({ call: 'send', stanza: stanza.toString() }, 'sending');
    await this.#windows.gate('sent → forgotten');
    return 'delivery' in answer ? answer.delivery : 'handed-over';
  }

  #ask(call: TransportCall): Promise<TransportAnswer> {
    return this.#call(call, 'asking the server');
  }

  async #call(call: TransportCall, window: 'sending' | 'asking the server'): Promise<TransportAnswer> {
    const id = ++this.#calls;
    const answered = new Promise<TransportAnswer>((resolve) => this.#waiting.set(id, resolve));
    this.#windows.enter(window);
    this.#tell({ type: 'call', id, call });
    await this.#windows.gate(window);
    const answer = await answered;
    if (!('failed' in answer)) return answer;
    throw new TransportError(
      answer.failed,
      answer.application === undefined ? {} : { applicationCondition: answer.application },
    );
  }
}
