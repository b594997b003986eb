import type { Element } from 'ltx';
import { attribute } from '../stanzas/element.ts';

interface Hold {
  /** Undefined for all that comes. */
  readonly jid: string | undefined;
}

/**
 * Takes stanzas in one after the other. While they are held they wait, so that what an archive has from before comes first;
 * when too many wait it goes on with the oldest, since order is a nicety and memory is not.
 */
export class InOrder {
  readonly #take: (stanza: Element) => Promise<void>;
  readonly #maxWaiting: number;
  #waiting: Element[] = [];
  readonly #holds = new Set<Hold>();
  #tail: Promise<void> = Promise.resolve();

  /** `take` never rejects. */
  constructor(take: (stanza: Element) => Promise<void>, options: { readonly maxWaiting: number }) {
    this.#take = take;
    this.#maxWaiting = options.maxWaiting;
  }

  /** Resolves when it is taken in, or at once while it is held. */
  push(stanza: Element): Promise<void> {
    if (!this.#isHeld(stanza)) return this.#run(stanza);
    // Who is in a room is to be known before its archive is read; presence goes ahead unless what it would overtake is the room's.
    if (stanza.is('presence') && !this.#waitsFrom(stanza)) return this.#run(stanza);
    this.#waiting.push(stanza);
    if (this.#waiting.length <= this.#maxWaiting) return Promise.resolve();
    return this.#run(this.#waiting.shift() as Element);
  }

  /**
   * Until the function returned is called nothing is taken in, or nothing that comes from the bare JID; it resolves when what
   * waited for it is.
   */
  hold(jid?: string): () => Promise<void> {
    const hold: Hold = { jid };
    this.#holds.add(hold);
    return async () => {
      this.#holds.delete(hold);
      const waiting = this.#waiting;
      this.#waiting = waiting.filter((stanza) => this.#isHeld(stanza));
      for (const stanza of waiting) if (!this.#isHeld(stanza)) void this.#run(stanza);
      await this.#tail;
    };
  }

  #run(stanza: Element): Promise<void> {
    this.#tail = this.#tail.then(() => this.#take(stanza));
    return this.#tail;
  }

  #isHeld(stanza: Element): boolean {
    return [...this.#holds].some(({ jid }) => jid === undefined || jid === bareOf(stanza));
  }

  #waitsFrom(stanza: Element): boolean {
    const from = bareOf(stanza);
    return this.#waiting.some((waiting) => bareOf(waiting) === from);
  }
}

function bareOf(stanza: Element): string {
  return (attribute(stanza, 'from') ?? '').split('/', 1)[0] as string;
}
