import type { Connection } from '@omemo-kit/loopback';
import {
  isOmemoError,
  manualTrust,
  Omemo,
  type Randomness,
  type ReceiveOptions,
  type ReceiveResult,
  StoreError,
} from '@omemo-kit/omemo-core';
import type { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { textOf } from './client.ts';
import { body, encryptedIn } from './stanzas.ts';
import { FaultyStore } from './store-faults.ts';

/** One failure of the store, and one question to a person. */
const MAX_ATTEMPTS = 3;

export interface SaneApplicationOptions {
  readonly connection: Connection;
  readonly memory: SharedMemory;
  readonly randomness: Randomness;
  readonly clock: () => number;
}

/**
 * What an application on a store that may fail has to do, and no more: it does again what failed, stores messages by
 * their id before it acknowledges them, numbers its own, and looks into the outbox before it sends one a second time.
 */
export class SaneApplication {
  readonly store: FaultyStore;
  /** What the user sees: text by id, as its own database has it. */
  readonly shown = new Map<string, string>();
  /** Results that tell the user that a message may be missing. */
  readonly failed: unknown[] = [];
  /** What calls rejected with. */
  readonly told: unknown[] = [];
  readonly #options: SaneApplicationOptions;
  #omemo: Omemo | undefined;
  #received: Element[] = [];

  constructor(options: SaneApplicationOptions) {
    this.#options = options;
    this.store = new FaultyStore(options.memory.open());
    options.connection.onStanza((stanza) => {
      this.#received.push(stanza);
    });
  }

  get omemo(): Omemo {
    if (this.#omemo === undefined) throw new TypeError('open it first');
    return this.#omemo;
  }

  async open(): Promise<void> {
    const { connection, randomness, clock } = this.#options;
    this.#omemo = await this.again(() =>
      Omemo.open({
        jid: connection.bareJid,
        store: this.store,
        transport: connection.transport,
        trust: manualTrust,
        upkeep: 'manual',
        limits: { preKeys: 25 },
        randomness,
        clock,
      }),
    );
  }

  /** Does it once more when it failed. */
  async again<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      this.told.push(error);
      if (!(error instanceof StoreError)) throw error;
      return action();
    }
  }

  /** What came since the last call and has something to do with OMEMO, oldest first. */
  arrived(): Element[] {
    return this.#received.splice(0);
  }

  /** Takes one stanza in; what is read is stored, then acknowledged. */
  async take(stanza: Element, options: ReceiveOptions = {}): Promise<string> {
    return this.#note(await this.again(() => this.omemo.receive(stanza, options)));
  }

  /** Takes in all that came, together, and again what could not be. */
  async takeArchive(): Promise<void> {
    const arrived = this.arrived();
    for (let stanzas = arrived, attempt = 0; stanzas.length > 0; attempt++) {
      if (attempt === MAX_ATTEMPTS) throw new Error(`cannot be read: ${String(this.told.at(-1))}`);
      const outcomes = await this.again(() => this.omemo.receiveAll(stanzas, { delivery: 'catch-up' }));
      for (const outcome of outcomes) if (outcome.status === 'fulfilled') await this.#note(outcome.value);
      // A commit that failed is told to all that shared it.
      const reasons = new Set(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
      this.told.push(...reasons);
      stanzas = stanzas.filter((_, index) => outcomes[index]?.status === 'rejected');
    }
  }

  async #note(result: ReceiveResult): Promise<string> {
    if (result.type === 'failed' || result.type === 'rejected' || result.type === 'invalid') this.failed.push(result);
    // A copy brings along what is not acknowledged: the first call may have failed after its commit.
    const message = result.type === 'duplicate' ? result.unacknowledged : result;
    if (message?.type === 'message') {
      this.shown.set(message.id, textOf(message) ?? '');
      await this.again(() => this.omemo.ack([message.id]));
    }
    return result.type;
  }

  /** Takes in all that came; the encrypted ones are handed back. */
  async takeAll(options: ReceiveOptions = {}): Promise<Element[]> {
    const stanzas = this.arrived();
    for (const stanza of stanzas) await this.take(stanza, options);
    return stanzas.filter((stanza) => encryptedIn(stanza) !== undefined);
  }

  /**
   * Sends. What a failed call has put into the outbox goes out from there by itself; a device that nobody has decided on
   * is verified, as a person would who compared the fingerprint.
   */
  async send(to: string, text: string): Promise<void> {
    const send = () => this.omemo.send({ to, id: text, content: [body(text)] });
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      try {
        await send();
        return;
      } catch (error) {
        if (isOmemoError(error, 'undecided-devices')) {
          for (const { jid, identityKey } of error.details.devices) {
            await this.again(() => this.omemo.setTrust({ jid, identityKey, level: 'verified' }));
          }
        } else {
          this.told.push(error);
          if ((await this.omemo.outbox()).some(({ id }) => id === text)) return;
        }
      }
    }
    throw new Error(`${text} cannot be sent: ${String(this.told.at(-1))}`);
  }

  /** Pays what is owed; what failed is paid by the next round. */
  async settle(): Promise<void> {
    const failures = await this.again(() => this.omemo.settle());
    if (failures.length === 0) return;
    this.told.push(...failures.map(({ cause }) => cause));
    await this.again(() => this.omemo.settle());
  }

  /** What a process that died had read and not stored is delivered again. */
  async readInbox(): Promise<void> {
    const messages = await this.again(() => this.omemo.inbox());
    for (const message of messages) this.shown.set(message.id, textOf(message) ?? '');
    await this.again(() => this.omemo.ack(messages.map(({ id }) => id)));
  }

  /** Ends in good order and starts on the same records. */
  async reopen(): Promise<void> {
    await this.omemo.close();
    await this.again(() => this.store.close());
    this.store.reopen(this.#options.memory.open());
    await this.open();
  }
}
