/** How often each thing happened, by kind. */
export class Tally {
  readonly events = new Map<string, number>();
  readonly results = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  schedules = 0;
  /** Exchanges that the slowest pair needed to agree on one session, and bytes of the largest store. */
  exchanges = 0;
  largestStore = 0;

  event(kind: string): void {
    count(this.events, kind);
  }

  result(kind: string): void {
    count(this.results, kind);
  }

  refusal(kind: string): void {
    count(this.refusals, kind);
  }

  get steps(): number {
    return [...this.events.values()].reduce((sum, times) => sum + times, 0);
  }

  add(other: TallyCounts): void {
    this.schedules += other.schedules;
    this.exchanges = Math.max(this.exchanges, other.exchanges);
    this.largestStore = Math.max(this.largestStore, other.largestStore);
    for (const name of ['events', 'results', 'refusals'] as const) {
      for (const [kind, times] of other[name]) count(this[name], kind, times);
    }
  }
}

/** What of a tally can be sent to another thread. */
export type TallyCounts = Pick<Tally, 'events' | 'results' | 'refusals' | 'schedules' | 'exchanges' | 'largestStore'>;

function count(map: Map<string, number>, kind: string, times = 1): void {
  map.set(kind, (map.get(kind) ?? 0) + times);
}
