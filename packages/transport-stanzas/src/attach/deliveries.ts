import type { Omemo, ReadMessage, RejectedMessage } from '@omemo-kit/omemo-core';
import type { AttachedListeners } from './events.ts';

type Message = ReadMessage | RejectedMessage;

/**
 * Brings what is in the inbox to the application, one after the other, and acknowledges it when the application has it: at once, and
 * together with those that it got while the one before was being acknowledged. What it could not take stays in the inbox and is offered
 * again with the next session.
 */
export class Deliveries {
  readonly #omemo: Omemo;
  readonly #listeners: AttachedListeners;
  readonly #waiting = new Set<string>();
  #tail: Promise<void> = Promise.resolve();
  #had: string[] = [];
  #acknowledging = false;
  #closed = false;

  constructor(omemo: Omemo, listeners: AttachedListeners) {
    this.#omemo = omemo;
    this.#listeners = listeners;
  }

  /** Delivers a message after those before it; one that waits already is not queued twice. */
  offer(message: Message): void {
    if (this.#closed || this.#waiting.has(message.id)) return;
    this.#waiting.add(message.id);
    this.#tail = this.#tail.then(async () => {
      if (await this.#deliver(message)) {
        this.#had.push(message.id);
        void this.#acknowledge();
      } else this.#waiting.delete(message.id);
    });
  }

  /** Offers all that is in the inbox: after a restart, and to the first listener. */
  async offerInbox(): Promise<void> {
    try {
      for (const message of await this.#omemo.inbox()) this.offer(message);
    } catch (cause) {
      this.#listeners.trouble('deliver', cause);
    }
  }

  /** Nothing more is delivered. It does not wait for listeners: one of them may be who closes. */
  close(): void {
    this.#closed = true;
    // What the application has is not to come again: the Omemo still takes this, and closes after it.
    const ids = this.#had.splice(0);
    if (ids.length > 0) void this.#omemo.ack(ids).catch(() => undefined);
  }

  /** Whether the application has it. */
  async #deliver(message: Message): Promise<boolean> {
    // Nobody listens yet: it waits in the inbox for who comes.
    if (this.#closed || !this.#listeners.has('message')) return false;
    try {
      await this.#listeners.tell('message', message);
      return true;
    } catch (cause) {
      this.#listeners.trouble('deliver', cause);
      return false;
    }
  }

  async #acknowledge(): Promise<void> {
    if (this.#acknowledging) return;
    this.#acknowledging = true;
    while (this.#had.length > 0) {
      const ids = this.#had.splice(0);
      try {
        await this.#omemo.ack(ids);
      } catch (cause) {
        // Stored twice under one id, at worst.
        if (!this.#closed) this.#listeners.trouble('acknowledge', cause);
      }
      for (const id of ids) this.#waiting.delete(id);
    }
    this.#acknowledging = false;
  }
}
