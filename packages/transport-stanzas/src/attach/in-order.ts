import type { Element } from 'ltx';
import { attribute } from '../stanzas/element.ts';

/**
 * Takes stanzas in one after the other. While it is held they wait, so that what an archive has from before comes first; when
 * too many wait it goes on with the oldest, since order is a nicety and memory is not.
 */
export class InOrder {
  readonly #take: (stanza: Element) => Promise<void>;
  readonly #maxWaiting: number;
  readonly #waiting: Element[] = [];
  #holds = 0;
  #tail: Promise<void> = Promise.resolve();

  /** `take` never rejects. */
  constructor(take: (stanza: Element) => Promise<void>, options: { readonly maxWaiting: number }) {
    this.#take = take;
    this.#maxWaiting = options.maxWaiting;
  }

  /** Resolves when it is taken in, or at once while it is held. */
  push(stanza: Element): Promise<void> {
    // Who is in a room is to be known before its archive is read; presence goes ahead unless what it would overtake is the room's.
    if (this.#holds > 0 && stanza.is('presence') && !this.#waitsFrom(stanza)) return this.#run(stanza);
    this.#waiting.push(stanza);
    if (this.#holds > 0 && this.#waiting.length <= this.#maxWaiting) return Promise.resolve();
    return this.#next();
  }

  /** Until the function returned is called nothing is taken in; it resolves when what waited is. */
  hold(): () => Promise<void> {
    this.#holds += 1;
    let held = true;
    return async () => {
      if (held) this.#holds -= 1;
      held = false;
      if (this.#holds > 0) return;
      while (this.#waiting.length > 0) void this.#next();
      await this.#tail;
    };
  }

  #next(): Promise<void> {
    const stanza = this.#waiting.shift();
    return stanza === undefined ? this.#tail : this.#run(stanza);
  }

  #run(stanza: Element): Promise<void> {
    this.#tail = this.#tail.then(() => this.#take(stanza));
    return this.#tail;
  }

  #waitsFrom(stanza: Element): boolean {
    const from = bareOf(stanza);
    return this.#waiting.some((waiting) => bareOf(waiting) === from);
  }
}

function bareOf(stanza: Element): string {
  return (attribute(stanza, 'from') ?? '').split('/', 1)[0] as string;
}
