import { DECISIVE_WINDOWS, WINDOWS, type Window } from './victim/windows.ts';

/** The part of all kills that has to fall into the decisive windows. */
const DECISIVE_SHARE = 0.3;
/** Fewer kills than these say nothing about shares. */
const ENOUGH_KILLS = 20;
/** So many kills and not one while a commit was written: they are aimed wrongly. */
const ENOUGH_TO_HIT_A_COMMIT = 60;

/** What a campaign did and found. */
export class Report {
  readonly name: string;
  readonly seed: number;
  /** Why it was not run. */
  skipped: string | undefined;
  cycles = 0;
  violations: readonly string[] = [];
  /** Numbers by what they count, in the order they are printed. */
  readonly counts = new Map<string, number>();
  readonly #kills = new Map<Window, { parked: number; raced: number }>();
  readonly #began = Date.now();
  #seconds = 0;

  constructor(name: string, seed: number) {
    this.name = name;
    this.seed = seed;
  }

  kill(window: Window, how: 'parked' | 'raced'): void {
    const kills = this.#kills.get(window) ?? { parked: 0, raced: 0 };
    kills[how] += 1;
    this.#kills.set(window, kills);
  }

  end(): void {
    this.#seconds = (Date.now() - this.#began) / 1_000;
  }

  get kills(): number {
    return [...this.#kills.values()].reduce((sum, { parked, raced }) => sum + parked + raced, 0);
  }

  get decisiveShare(): number {
    const decisive = DECISIVE_WINDOWS.map((window) => this.#killsIn(window));
    return this.kills === 0 ? 0 : decisive.reduce((a, b) => a + b) / this.kills;
  }

  get passed(): boolean {
    const shared = this.kills < ENOUGH_KILLS || this.decisiveShare >= DECISIVE_SHARE;
    const hit = this.kills < ENOUGH_TO_HIT_A_COMMIT || this.#killsIn('committing') > 0;
    return this.violations.length === 0 && shared && hit;
  }

  lines(): string[] {
    if (this.skipped !== undefined) return [`${this.name}: ${this.passed ? 'skipped' : 'FAILED'}, ${this.skipped}`];
    const windows = WINDOWS.map((window) => {
      const { parked, raced } = this.#kills.get(window) ?? { parked: 0, raced: 0 };
      const share = percent((parked + raced) / Math.max(1, this.kills));
      return `  ${window.padEnd(20)} ${String(parked + raced).padStart(5)} ${share.padStart(6)}   ${raced} raced, ${parked} parked`;
    });
    const decisive = `${percent(this.decisiveShare)} in ${DECISIVE_WINDOWS.join(' or ')} (at least ${percent(DECISIVE_SHARE)} of ${ENOUGH_KILLS} kills or more)`;
    return [
      `${this.name}: ${this.cycles} cycles, seed ${this.seed}, ${this.#seconds.toFixed(1)} s`,
      `  kills by window: ${decisive}`,
      ...windows,
      ...[...this.counts].map(([what, count]) => `  ${what.padEnd(44)} ${String(count).padStart(6)}`),
      `  violations                                   ${String(this.violations.length).padStart(6)}`,
      ...this.violations.map((violation) => `    ${violation}`),
      `  ${this.passed ? 'passed' : `FAILED; the same kills again with --seed ${this.seed}`}`,
    ];
  }

  #killsIn(window: Window): number {
    const { parked, raced } = this.#kills.get(window) ?? { parked: 0, raced: 0 };
    return parked + raced;
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
