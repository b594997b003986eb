import { type Letter, Post } from './post.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface RoughCourierOptions {
  readonly random: SeededRandom;
  /** Share of the messages that never come. */
  readonly lost: number;
  /** Share of those that come late, so that later ones overtake them. */
  readonly late: number;
  /** Share of which a second copy comes some time. */
  readonly twice: number;
  /** By how many sent messages a late one may be late. */
  readonly longestDelay: number;
}

export interface Delivery extends Letter {
  readonly copy: 'first' | 'second';
}

/** Loses, delays and doubles messages. Time is counted in messages sent. */
export class RoughCourier {
  readonly post = new Post((letter) => this.#take(letter));
  readonly counts = { sent: 0, lost: 0, late: 0, twice: 0 };
  readonly #options: RoughCourierOptions;
  #waiting: { readonly due: number; readonly letter: Letter }[] = [];
  readonly #delivered = new Set<Letter>();

  constructor(options: RoughCourierOptions) {
    this.#options = options;
  }

  /** Hands over one after the other what is due by now; what is sent meanwhile is taken in. */
  async deliverDue(hand: (delivery: Delivery) => Promise<void>): Promise<void> {
    await this.#deliver(hand, () => this.counts.sent);
  }

  /** Hands over everything that is still on its way, and what is sent because of it. */
  async deliverAll(hand: (delivery: Delivery) => Promise<void>): Promise<void> {
    await this.#deliver(hand, () => Number.POSITIVE_INFINITY);
  }

  async #deliver(hand: (delivery: Delivery) => Promise<void>, now: () => number): Promise<void> {
    for (let next = this.#next(now()); next !== undefined; next = this.#next(now())) {
      const copy = this.#delivered.has(next) ? 'second' : 'first';
      this.#delivered.add(next);
      await hand({ ...next, copy });
    }
  }

  /** The letter that is due first; of those due at once, the one that was sent first. */
  #next(now: number): Letter | undefined {
    const due = Math.min(...this.#waiting.map((entry) => entry.due));
    if (due > now) return undefined;
    const index = this.#waiting.findIndex((entry) => entry.due === due);
    return this.#waiting.splice(index, 1)[0]?.letter;
  }

  #take(letter: Letter): void {
    const { random, lost, late, twice, longestDelay } = this.#options;
    const sent = ++this.counts.sent;
    const later = () => sent + 1 + random.below(longestDelay);
    const fate = { lost: random.chance(lost), late: random.chance(late), twice: random.chance(twice) };
    if (fate.lost) {
      this.counts.lost += 1;
      return;
    }
    if (fate.late) this.counts.late += 1;
    this.#waiting.push({ due: fate.late ? later() : sent, letter });
    if (!fate.twice) return;
    this.counts.twice += 1;
    this.#waiting.push({ due: later(), letter });
  }
}
