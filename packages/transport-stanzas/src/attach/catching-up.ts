import type { Omemo } from '@omemo-kit/omemo-core';
import type { AttachedListeners } from './events.ts';
import type { InOrder } from './in-order.ts';

interface CatchingUpOptions {
  readonly omemo: Pick<Omemo, 'finishCatchUp'>;
  readonly listeners: AttachedListeners;
  readonly incoming: InOrder;
  /** Whether the session's own archive is still to be read. */
  readonly isDue: () => boolean;
}

/**
 * What waits while archives are read. The account's own holds all live stanzas back, a room's only those of the room:
 * anybody can run a room service that never comes to an end (S60). Pre-keys that were used stay until all are read; what else
 * became owed is paid at the end of the own archive and after each page of a room's.
 */
export class CatchingUp {
  readonly #options: CatchingUpOptions;
  #own = 0;
  /** Rooms whose archives are read, and sessions that are not set up yet. */
  #others = 0;

  constructor(options: CatchingUpOptions) {
    this.#options = options;
  }

  get underWay(): boolean {
    return this.#own > 0 || this.#others > 0 || this.#options.isDue();
  }

  /** The whole of a session's reading, own archive and then rooms: pre-keys stay until the end. */
  async session<T>(run: () => Promise<T>): Promise<T> {
    this.#others += 1;
    try {
      return await run();
    } finally {
      this.#others -= 1;
      await this.pay();
    }
  }

  async own<T>(read: () => Promise<T>): Promise<T> {
    this.#own += 1;
    const release = this.#options.incoming.hold();
    try {
      return await read();
    } finally {
      // What came meanwhile may be older than the session, and in no archive: it counts as one.
      await release();
      this.#own -= 1;
      await this.pay();
    }
  }

  async room<T>(room: string, read: () => Promise<T>): Promise<T> {
    this.#others += 1;
    const release = this.#options.incoming.hold(room);
    try {
      return await read();
    } finally {
      await release();
      this.#others -= 1;
      await this.pay();
    }
  }

  /** Has paid what waits, unless the own archive is being read. */
  async pay(): Promise<void> {
    const { omemo, listeners, isDue } = this.#options;
    if (this.#own > 0 || isDue()) return;
    const usedPreKeys = this.#others > 0 ? 'keep' : 'delete';
    await omemo.finishCatchUp({ usedPreKeys }).catch((cause: unknown) => listeners.trouble('catch-up', cause));
  }
}
