import type { Connection } from '@omemo-kit/loopback';
import {
  blindTrustBeforeVerification,
  Omemo,
  type OmemoOptions,
  type ReceiveResult,
  type Store,
  type TrustPolicy,
} from '@omemo-kit/omemo-core';
import type { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { body } from './stanzas.ts';

export interface ClientOptions extends Partial<Omit<OmemoOptions, 'jid' | 'store' | 'transport' | 'trust'>> {
  readonly trust?: TrustPolicy;
  readonly store?: Store;
  readonly memory?: SharedMemory;
}

/** A client of the test: a connection, an Omemo, and what it made of what came. Made by `World.client`. */
export class Client {
  readonly connection: Connection;
  readonly memory: SharedMemory;
  readonly results: ReceiveResult[] = [];
  readonly errors: unknown[] = [];
  /** What came, as it came. */
  readonly received: Element[] = [];
  omemo: Omemo;
  #pending: Promise<unknown> = Promise.resolve();
  #listening = true;
  readonly #randomness: ClientOptions['randomness'];

  private constructor(connection: Connection, memory: SharedMemory, omemo: Omemo, { randomness }: ClientOptions) {
    this.#randomness = randomness;
    this.connection = connection;
    this.memory = memory;
    this.omemo = omemo;
    connection.onStanza((stanza) => {
      this.received.push(stanza);
      if (this.#listening) return this.take(stanza);
      return undefined;
    });
  }

  static async open(connection: Connection, memory: SharedMemory, options: ClientOptions = {}): Promise<Client> {
    return new Client(connection, memory, await Client.omemoOn(connection, memory, options), options);
  }

  static omemoOn(connection: Connection, memory: SharedMemory, options: ClientOptions = {}): Promise<Omemo> {
    const { memory: _, ...rest } = options;
    return Omemo.open({
      trust: blindTrustBeforeVerification,
      upkeep: 'manual',
      ...rest,
      limits: { preKeys: 25, ...options.limits },
      jid: connection.bareJid,
      store: options.store ?? memory.open(),
      transport: connection.transport,
    });
  }

  get jid(): string {
    return this.connection.bareJid;
  }

  /** Hands a stanza to the Omemo, after those before it. */
  take(stanza: Element): Promise<ReceiveResult | undefined> {
    const taken = this.#pending.then(async () => {
      try {
        const result = await this.omemo.receive(stanza);
        this.results.push(result);
        return result;
      } catch (error) {
        this.errors.push(error);
        return undefined;
      }
    });
    this.#pending = taken;
    return taken;
  }

  /** The process dies, whatever it was at, and starts again on what its store holds. */
  async crash(options: ClientOptions = {}): Promise<void> {
    const randomness = this.#randomness === undefined ? {} : { randomness: this.#randomness };
    this.omemo = await Client.omemoOn(this.connection, this.memory, { ...randomness, ...options });
  }

  /** What comes from now on is kept in `received` and not read: the test reads it. */
  deaf(): void {
    this.#listening = false;
  }

  /** Waits until everything that came so far is taken in. */
  async idle(): Promise<void> {
    await this.#pending;
  }

  get types(): string[] {
    return this.results.map(({ type }) => type);
  }

  get texts(): string[] {
    return this.results.flatMap((result) => textOf(result) ?? []);
  }

  say(to: string, text: string, id?: string) {
    return this.omemo.send({ to, content: [body(text)], ...(id === undefined ? {} : { id }) });
  }
}

export function textOf(result: ReceiveResult | undefined): string | undefined {
  return result?.type === 'message' ? (result.envelope?.content[0]?.text() ?? '') : undefined;
}
