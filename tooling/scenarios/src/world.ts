import type { Connection, LoopbackServer } from '@omemo-kit/loopback';
import {
  blindTrustBeforeVerification,
  Omemo,
  type OmemoOptions,
  type ReceiveResult,
  type Store,
  type TrustPolicy,
} from '@omemo-kit/omemo-core';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { Element } from 'ltx';

export interface DeviceOptions extends Partial<Omit<OmemoOptions, 'jid' | 'store' | 'transport' | 'trust'>> {
  readonly trust?: TrustPolicy;
  readonly store?: Store;
}

/** A client of the test: a connection, an Omemo, and what it made of what came. */
export class Client {
  readonly connection: Connection;
  readonly memory: SharedMemory;
  readonly results: ReceiveResult[] = [];
  omemo: Omemo;
  #pending: Promise<unknown> = Promise.resolve();

  private constructor(connection: Connection, memory: SharedMemory, omemo: Omemo) {
    this.connection = connection;
    this.memory = memory;
    this.omemo = omemo;
    connection.onStanza((stanza) => {
      this.#pending = this.#pending.then(async () => {
        this.results.push(await this.omemo.receive(stanza));
      });
    });
  }

  static async open(server: LoopbackServer, fullJid: string, options: DeviceOptions = {}): Promise<Client> {
    const connection = server.connect(fullJid);
    const memory = new SharedMemory();
    const omemo = await Omemo.open({
      trust: blindTrustBeforeVerification,
      upkeep: 'manual',
      ...options,
      jid: connection.bareJid,
      store: options.store ?? memory.open(),
      transport: connection.transport,
    });
    return new Client(connection, memory, omemo);
  }

  /** Waits until everything that came so far is taken in. */
  async idle(): Promise<void> {
    await this.#pending;
  }

  get texts(): string[] {
    return this.results.flatMap((result) => {
      if (result.type !== 'message') return [];
      return [result.envelope?.content[0]?.text() ?? ''];
    });
  }

  say(to: string, text: string) {
    return this.omemo.send({ to, content: [body(text)] });
  }
}

export function body(text: string): Element {
  return new Element('body', { xmlns: 'jabber:client' }).t(text);
}
