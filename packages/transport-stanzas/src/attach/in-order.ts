import type { Element } from 'ltx';

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
    if (stanza !== undefined) this.#tail = this.#tail.then(() => this.#take(stanza));
    return this.#tail;
  }
}
