import { onTestFailed } from 'vitest';

/**
 * Random numbers that come again with the seed: what happens on the way of a message, and who writes next. The keys of
 * both sides are truly random whatever the seed is.
 */
export class SeededRandom {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.#state = this.seed;
  }

  /** With the seed of this run, which a failing test prints: `OMEMO_SEED=<seed>` gives it again, `random` another. */
  static ofThisRun(title: string): SeededRandom {
    const random = new SeededRandom(Number(process.env['OMEMO_SEED']));
    onTestFailed(() => console.log(`${title}: OMEMO_SEED=${random.seed}`));
    return random;
  }

  /** 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
