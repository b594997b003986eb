import type { SeededRandom } from '../crash/seeded-random.ts';

/** What happens to stanzas on their way, as shares of all. */
export interface Weather {
  readonly lost: number;
  readonly late: number;
  readonly doubled: number;
}

export const usualWeather: Weather = { lost: 0.02, late: 0.06, doubled: 0.04 };

/** A stanza that is late comes after so many others at most. */
const LATEST = 40;

interface UnderWay {
  readonly stanza: string;
  due: number;
}

/** The way to one account: most stanzas come in order, some late, some twice, some never. */
export class Network {
  readonly counts = { lost: 0, late: 0, doubled: 0 };
  readonly #random: SeededRandom;
  readonly #weather: Weather;
  #underWay: UnderWay[] = [];

  constructor(random: SeededRandom, weather: Weather) {
    this.#random = random;
    this.#weather = weather;
  }

  /** Says whether it will come at all. */
  post(stanza: string): 'under way' | 'lost' {
    for (const other of this.#underWay) other.due -= 1;
    const { lost, late, doubled } = this.#weather;
    if (this.#random.chance(lost)) {
      this.counts.lost += 1;
      return 'lost';
    }
    const isLate = this.#random.chance(late);
    if (isLate) this.counts.late += 1;
    this.#underWay.push({ stanza, due: isLate ? 1 + this.#random.below(LATEST) : 0 });
    if (this.#random.chance(doubled)) {
      this.counts.doubled += 1;
      this.#underWay.push({ stanza, due: this.#random.below(LATEST) });
    }
    return 'under way';
  }

  /** What arrives now; `all`: whatever is under way. */
  take(which: 'due' | 'all'): readonly string[] {
    const arriving = this.#underWay.filter(({ due }) => which === 'all' || due <= 0);
    this.#underWay = this.#underWay.filter((one) => !arriving.includes(one));
    return arriving.map(({ stanza }) => stanza);
  }
}
