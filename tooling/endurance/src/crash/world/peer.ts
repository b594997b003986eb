import type { Connection } from '@omemo-kit/loopback';
import { blindTrustBeforeVerification, Omemo, type Randomness, type Transport, textBody } from '@omemo-kit/omemo-core';
import { MemoryStore } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { describe } from '../victim/describe.ts';
import type { Ledger } from './ledger.ts';
import { unarchived } from './unarchived.ts';

/** Somebody the victim talks with, who never dies: what the victim sends has to be readable for them. */
export class Peer {
  readonly jid: string;
  readonly omemo: Omemo;
  readonly #ledger: Ledger;
  readonly #connection: Connection;
  #jobs: Promise<void> = Promise.resolve();
  /** Counts what it got, so that one can see whether it had anything to do. */
  taken = 0;

  private constructor(omemo: Omemo, connection: Connection, ledger: Ledger) {
    this.jid = omemo.jid;
    this.omemo = omemo;
    this.#connection = connection;
    this.#ledger = ledger;
    connection.onStanza((stanza) => this.#job(() => this.#take(stanza)));
  }

  /** Opens a new device for the account of this connection, and announces it. */
  static async join(
    connection: Connection,
    { ledger, randomness }: { readonly ledger: Ledger; readonly randomness: Randomness },
  ): Promise<Peer> {
    const { transport } = connection;
    const unkept: Transport = {
      publish: (request, signal) => transport.publish(request, signal),
      fetch: (request, signal) => transport.fetch(request, signal),
      configure: (request, signal) => transport.configure(request, signal),
      request: (iq, signal) => transport.request(iq, signal),
      retract: (request, signal) => transport.retract(request, signal),
      send: (stanza, signal) => transport.send(unarchived(stanza), signal),
    };
    const omemo = await Omemo.open({
      jid: connection.bareJid,
      store: new MemoryStore(),
      transport: unkept,
      trust: blindTrustBeforeVerification,
      upkeep: 'manual',
      limits: { preKeys: 25 },
      randomness,
    });
    const peer = new Peer(omemo, connection, ledger);
    await omemo.start();
    return peer;
  }

  say(to: string, text: string): Promise<void> {
    return this.#job(() => this.omemo.send({ to, content: [textBody(text)], id: text }));
  }

  replaceSessions(jid: string): Promise<void> {
    return this.#job(() => this.omemo.replaceSessions({ jid }));
  }

  /** Resolves when everything that came so far is read and answered. */
  async idle(): Promise<void> {
    await this.#jobs;
  }

  async leave(): Promise<void> {
    await this.#jobs;
    this.#connection.disconnect();
    await this.omemo.close();
  }

  #job(run: () => Promise<unknown>): Promise<void> {
    this.#jobs = this.#jobs.then(async () => {
      try {
        await run();
      } catch (error) {
        this.#ledger.violation(`${this.jid} failed: ${describe(error)}`);
      }
    });
    return this.#jobs;
  }

  async #take(stanza: Element): Promise<void> {
    const result = await this.omemo.receive(stanza);
    const id = String(stanza.attrs['id']);
    if (result.type === 'ignored') return;
    this.taken += 1;
    if (result.type === 'message' || result.type === 'empty') this.#ledger.read(id);
    else if (result.type === 'duplicate') this.#ledger.copy(id);
    else if (result.type === 'failed') {
      this.#ledger.violation(`${this.jid} cannot read ${id}: ${result.code}, ${describe(result.cause)}`);
    } else if (result.type !== 'device-list') this.#ledger.violation(`${this.jid} got ${id}, which is ${result.type}`);
    if (result.type === 'message') await this.omemo.ack([result.id]);
    await this.omemo.settle();
  }
}
