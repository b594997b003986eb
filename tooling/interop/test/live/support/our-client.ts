import type { Connection } from '@omemo-kit/loopback';
import {
  blindTrustBeforeVerification,
  Omemo,
  type OmemoOptions,
  type ReceiveOptions,
  type Store,
  type Transport,
} from '@omemo-kit/omemo-core';
import { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { body } from './envelopes.ts';
import type { KeyLedger } from './key-ledger.ts';
import type { Outcome } from './outcome.ts';

export interface OurOptions extends Partial<Omit<OmemoOptions, 'jid' | 'store' | 'transport'>> {
  readonly connection: Connection;
  readonly transport: Transport;
  readonly ledger: KeyLedger;
}

/** One of our devices, whose answers and publications go out right after each stanza that it is handed. */
export class OurClient {
  readonly jid: string;
  readonly memory: SharedMemory;
  readonly #options: Omit<OmemoOptions, 'store'>;
  #omemo: Omemo;

  static async open({ connection, transport, ledger, ...rest }: OurOptions): Promise<OurClient> {
    const watched: Transport = {
      publish: (request, signal) => transport.publish(request, signal),
      fetch: (request, signal) => transport.fetch(request, signal),
      configure: (request, signal) => transport.configure(request, signal),
      request: (iq, signal) => transport.request(iq, signal),
      retract: (request, signal) => transport.retract(request, signal),
      send: (stanza, signal) => {
        ledger.note(stanza);
        return transport.send(stanza, signal);
      },
    };
    const options = { trust: blindTrustBeforeVerification, upkeep: 'manual' as const, ...rest };
    const jid = connection.bareJid;
    const memory = new SharedMemory();
    const all = { ...options, jid, transport: watched };
    const omemo = await Omemo.open({ ...all, store: memory.open() });
    await omemo.start();
    return new OurClient(all, memory, omemo);
  }

  private constructor(options: Omit<OmemoOptions, 'store'>, memory: SharedMemory, omemo: Omemo) {
    this.#options = options;
    this.memory = memory;
    this.#omemo = omemo;
    this.jid = omemo.jid;
  }

  get omemo(): Omemo {
    return this.#omemo;
  }

  get deviceId(): number {
    return this.#omemo.deviceId;
  }

  async say(to: string, text: string): Promise<void> {
    const { delivery, cause } = await this.#omemo.send({ to, content: [body(text)] });
    if (delivery !== 'accepted') throw cause;
  }

  async receive(stanza: Element, options: ReceiveOptions = {}): Promise<Outcome> {
    const result = await this.#omemo.receive(stanza, options);
    if (options.delivery !== 'catch-up') await this.settle();
    switch (result.type) {
      case 'message': {
        await this.#omemo.ack([result.id]);
        const { jid: from, deviceId } = result.sender;
        return { type: 'read', text: result.envelope?.content[0]?.text() ?? '', from, deviceId };
      }
      case 'empty':
      case 'duplicate':
        return { type: result.type };
      case 'not-for-this-device':
      case 'ignored':
      case 'device-list':
      case 'room-members':
      case 'reflection':
      case 'request':
      case 'bounced':
      case 'sender-unknown':
        return { type: 'not-for-it' };
      case 'failed':
        return { type: 'unread', why: result.code };
      case 'rejected':
        return { type: 'unread', why: result.reason };
      case 'invalid':
        return { type: 'unread', why: result.cause.code };
    }
  }

  async settle(): Promise<void> {
    const [failure] = await this.#omemo.settle();
    if (failure !== undefined) throw failure.cause;
  }

  /** As after a crash: nothing is closed, and what comes next has the records alone. */
  async restart(store: Store = this.memory.open()): Promise<void> {
    this.#omemo = await Omemo.open({ ...this.#options, store });
    await this.#omemo.start();
  }
}
