import type { LineEvent } from '../line-process.ts';

/** What a client tells on its own, by name. JIDs of `from` and `to` as in the stanza. */
export interface ChatEvents {
  /** Encrypted content that it read. */
  readonly message: Arrived & { readonly body: string; readonly sender: string; readonly senderKey: string };
  /** Encrypted, read, and without content. */
  readonly empty: Arrived & { readonly sender: string };
  /** Encrypted for OMEMO, and not read. */
  readonly unread: {
    readonly from: string;
    readonly id: string;
    /** Class name in the client, as `NoSession`. */
    readonly exception: string;
    readonly message: string;
    readonly causes: readonly string[];
  };
  /** Not encrypted. */
  readonly plain: Arrived & { readonly body: string };
  readonly disconnected: object;
}

interface Arrived {
  readonly from: string;
  readonly to: string;
  readonly id: string;
  /** The room, for one that came through a room. */
  readonly room?: string | null;
  /** Which carbon copy it came in. */
  readonly carbon?: 'sent' | 'received' | null;
}

type Waiter = { readonly name: string; resolve(event: LineEvent): void };

/** Keeps what happened until it is asked for, in order. */
export class EventQueue {
  readonly #kept: LineEvent[] = [];
  readonly #waiters: Waiter[] = [];

  put(event: LineEvent): void {
    const index = this.#waiters.findIndex(({ name }) => name === event.event);
    if (index === -1) this.#kept.push(event);
    else this.#waiters.splice(index, 1)[0]!.resolve(event);
  }

  /** The oldest of that name that nobody took yet, or the next one; nothing when none comes in time. */
  take<Name extends keyof ChatEvents>(name: Name, timeoutMs: number): Promise<ChatEvents[Name] | undefined> {
    const index = this.#kept.findIndex(({ event }) => event === name);
    if (index !== -1) return Promise.resolve(this.#kept.splice(index, 1)[0] as unknown as ChatEvents[Name]);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        name,
        resolve: (event) => {
          clearTimeout(timer);
          resolve(event as unknown as ChatEvents[Name]);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        resolve(undefined);
      }, timeoutMs);
      this.#waiters.push(waiter);
    });
  }

  /** What happened and was not taken, for messages of errors. */
  get rest(): readonly LineEvent[] {
    return this.#kept;
  }
}
