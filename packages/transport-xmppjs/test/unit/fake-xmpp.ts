import { EventEmitter } from 'node:events';
import type { ElementLike } from '@omemo-kit/transport-stanzas';
import { xml } from '@xmpp/client';
import type { Element } from 'ltx';

type Context = { readonly stanza: ElementLike };
type Middleware = (context: never, next: () => Promise<unknown>) => Promise<unknown>;

/** The part of xmpp.js that the channel uses, with the test as server. */
export class FakeXmpp extends EventEmitter {
  jid: { toString(): string } | null = { toString: () => 'alice@example.org/desk' };
  status = 'online';
  readonly sent: Element[] = [];
  readonly asked: Element[] = [];
  /** `tracking`: stream management is enabled. */
  management: 'tracking' | 'off' = 'tracking';
  answer: (iq: Element) => Promise<ElementLike> = async () => xml('iq', { type: 'result' });
  readonly streamManagement = Object.assign(new EventEmitter(), { outbound_q: [] as { stanza: unknown }[] });
  readonly #middlewares: Middleware[] = [];

  readonly iqCaller = {
    request: (iq: never): Promise<ElementLike> => {
      this.asked.push(iq);
      return this.answer(iq);
    },
  };
  readonly middleware = { use: (middleware: Middleware) => void this.#middlewares.push(middleware) };

  async send(element: never): Promise<void> {
    const stanza: Element = element;
    if (!stanza.is('r')) this.sent.push(stanza);
    if (this.management === 'tracking' && !stanza.is('r')) this.streamManagement.outbound_q.push({ stanza });
  }

  /** The server acknowledges everything. */
  acknowledge(): void {
    for (const { stanza } of this.streamManagement.outbound_q.splice(0)) this.streamManagement.emit('ack', stanza);
  }

  become(status: string): void {
    this.status = status;
    this.emit(status);
  }

  /** What the middlewares say to an IQ; `'nobody'` when none answers. */
  async receive(stanza: ElementLike): Promise<unknown> {
    const context: Context = { stanza };
    let next = async (): Promise<unknown> => 'nobody';
    for (const middleware of [...this.#middlewares].reverse()) {
      const inner = next;
      next = () => middleware(context as never, inner);
    }
    return next();
  }
}
