import { Comparison } from './comparison.ts';
import { FormatError } from './format-error.ts';

/** Where in the vectors something happened. */
export interface Place {
  readonly kind: string;
  readonly file: string;
  readonly step: string;
}

export interface Failure extends Place {
  readonly what: string;
}

interface Tally {
  files: number;
  passed: number;
  failed: number;
}

/** What a run found: steps passed and failed by kind, each failure with its place, and the allowed deviations. */
export class Report {
  readonly failures: Failure[] = [];
  readonly #kinds = new Map<string, Tally>();
  readonly #deviations = new Map<string, number>();

  /** Runs one step: it passes when it neither notes a difference nor throws. */
  async step(place: Place, run: (compare: Comparison) => unknown): Promise<boolean> {
    const compare = new Comparison();
    try {
      await run(compare);
    } catch (error) {
      compare.differ(explain(error));
    }
    if (compare.differences.length > 0) {
      this.fail(place, compare.differences.join('; '));
      return false;
    }
    this.#tally(place.kind).passed += 1;
    return true;
  }

  fail(place: Place, what: string): void {
    this.#tally(place.kind).failed += 1;
    this.failures.push({ ...place, what });
  }

  file(kind: string): void {
    this.#tally(kind).files += 1;
  }

  deviation(name: string): void {
    this.#deviations.set(name, (this.#deviations.get(name) ?? 0) + 1);
  }

  get passed(): number {
    return sum([...this.#kinds.values()].map((tally) => tally.passed));
  }

  get failed(): number {
    return sum([...this.#kinds.values()].map((tally) => tally.failed));
  }

  get deviations(): ReadonlyMap<string, number> {
    return this.#deviations;
  }

  /** The report as text: kinds, deviations, failures, and the totals last. */
  lines(): string[] {
    return [
      ...[...this.#kinds].map(
        ([kind, { files, passed, failed }]) => `${kind}: ${plural(files, 'file')}, ${passed} passed, ${failed} failed`,
      ),
      ...[...this.#deviations].map(([name, count]) => `deviation: ${name}: ${count}`),
      ...this.failures.map(({ file, step, what }) => `FAILED ${file}: ${step}: ${what}`),
      `${this.passed} passed, ${this.failed} failed`,
    ];
  }

  #tally(kind: string): Tally {
    let tally = this.#kinds.get(kind);
    if (tally === undefined) {
      tally = { files: 0, passed: 0, failed: 0 };
      this.#kinds.set(kind, tally);
    }
    return tally;
  }
}

/** One line for anything thrown: what it is, its code and what caused it. */
export function explain(error: unknown): string {
  if (error instanceof FormatError) return `not in the documented format: ${error.message}`;
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const code = 'code' in error ? ` ${String(error.code)}` : '';
  const cause = error.cause === undefined ? '' : `, because: ${explain(error.cause)}`;
  return `${error.name}${code}: ${error.message}${cause}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
