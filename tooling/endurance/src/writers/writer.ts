import { blindTrustBeforeVerification, Omemo, textBody, textOf } from '@omemo-kit/omemo-core';
import type { Store } from '@omemo-kit/omemo-core/ports';
import { parseXml } from '@omemo-kit/omemo-wire';
import { OpenCalls } from '../remote/open-calls.ts';
import { RemoteTransport } from '../remote/remote-transport.ts';
import { CountingStore } from './counting-store.ts';
import type { Order, Report, WriterOptions } from './messages.ts';

/** Messages read before they are acknowledged together. */
const ACK_BATCH = 20;

/**
 * One of many writers of an account: encrypts message after message on the common store and hands the stanzas to its
 * parent; reads what the parent hands it meanwhile. Runs in a process, a page or a worker.
 */
export class Writer {
  readonly #name: string;
  readonly #omemo: Omemo;
  readonly #store: CountingStore;
  readonly #calls: OpenCalls;
  readonly #tell: (report: Report) => void;
  readonly #waits: number[] = [];
  readonly #unacknowledged: string[] = [];
  /** Everything that orders have set going. */
  readonly #running = new Set<Promise<void>>();

  private constructor(parts: {
    readonly name: string;
    readonly omemo: Omemo;
    readonly store: CountingStore;
    readonly calls: OpenCalls;
    readonly tell: (report: Report) => void;
  }) {
    this.#name = parts.name;
    this.#omemo = parts.omemo;
    this.#store = parts.store;
    this.#calls = parts.calls;
    this.#tell = parts.tell;
  }

  static async open({ jid, name }: WriterOptions, store: Store, tell: (report: Report) => void): Promise<Writer> {
    const calls = new OpenCalls(tell);
    const transport = new RemoteTransport((call) => calls.ask(call));
    const counting = new CountingStore(store);
    // All that is written is what was ordered, so that what it takes is what the orders take.
    const omemo = await Omemo.open({
      jid,
      store: counting,
      transport,
      trust: blindTrustBeforeVerification,
      upkeep: 'manual',
    });
    tell({ type: 'opened', deviceId: omemo.deviceId });
    return new Writer({ name, omemo, store: counting, calls, tell });
  }

  /** Begins to do what is ordered; `finish` waits for all of it. */
  obey(order: Order): void {
    if (order.type === 'answer') this.#calls.answered(order.id, order.answer);
    else if (order.type === 'start') this.#run('start', () => this.#start());
    else if (order.type === 'write') this.#run('write', () => this.#write(order));
    else if (order.type === 'stanza') this.#run('receive', () => this.#read(order.stanza));
    else if (order.type === 'sent') this.#run('sent', () => this.#omemo.sent(order.ids));
    else if (order.type === 'settle') this.#run('settle', () => this.#settle([...this.#running]));
    else void this.#finish();
  }

  #run(during: string, work: () => Promise<void>): void {
    const done: Promise<void> = work()
      .catch((error: unknown) => this.#trouble(during, error))
      .finally(() => void this.#running.delete(done));
    this.#running.add(done);
  }

  #trouble(during: string, error: unknown): void {
    const { code = 'none', message = String(error) } = error as { code?: string; message?: string };
    this.#tell({ type: 'trouble', during, code, message });
  }

  async #start(): Promise<void> {
    await this.#omemo.start();
    this.#tell({ type: 'started' });
  }

  async #write({ to, messages }: Extract<Order, { type: 'write' }>): Promise<void> {
    for (let n = 0; n < messages; n++) {
      const text = `${this.#name}-${n}`;
      const before = performance.now();
      try {
        const { id, stanza } = await this.#omemo.encrypt({ to, id: text, content: [textBody(text)] });
        this.#waits.push(performance.now() - before);
        this.#tell({ type: 'out', id, stanza: stanza.toString() });
      } catch (error) {
        this.#trouble('encrypt', error);
      }
    }
    this.#tell({ type: 'written' });
  }

  async #read(stanza: string): Promise<void> {
    const result = await this.#omemo.receive(parseXml(stanza));
    if (result.type === 'message') {
      this.#tell({ type: 'read', id: result.id, text: textOf(result.envelope) ?? '' });
      this.#unacknowledged.push(result.id);
      if (this.#unacknowledged.length >= ACK_BATCH) await this.#omemo.ack(this.#unacknowledged.splice(0));
    } else if (result.type === 'failed' || result.type === 'rejected' || result.type === 'invalid') {
      this.#trouble('receive', result);
    }
  }

  async #settle(earlier: readonly Promise<void>[]): Promise<void> {
    await Promise.all(earlier);
    for (const { cause } of await this.#omemo.settle()) this.#trouble('settle', cause);
    this.#tell({ type: 'settled' });
  }

  async #finish(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    try {
      await this.#omemo.ack(this.#unacknowledged.splice(0));
      const counts = {
        commits: this.#store.commits,
        conflicts: this.#store.conflicts,
        waits: this.#waits,
        inbox: (await this.#omemo.inbox()).length,
        outbox: (await this.#omemo.outbox()).length,
      };
      await this.#omemo.close();
      await this.#store.close();
      this.#tell({ type: 'finished', counts });
    } catch (error) {
      this.#trouble('finish', error);
      this.#tell({ type: 'finished', counts: { commits: 0, conflicts: 0, waits: [], inbox: -1, outbox: -1 } });
    }
  }
}
