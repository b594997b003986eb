import type { AccountContext } from '../context.ts';
import type { FlushOptions } from '../delivery/outbox.ts';
import { settle } from './settle.ts';
import type { SettleFailure } from './settle-failure.ts';

export interface UpkeepOptions {
  /** `manual`: only `settle` does anything; nothing is scheduled. */
  readonly mode: 'automatic' | 'manual';
  /** Told of what a round in the background could not do. */
  onFailure(failures: readonly SettleFailure[]): void;
}

/** Milliseconds that timers can wait at most. */
const LONGEST_TIMER = 0x7fff_ffff;

/** Pays debts in the background: one round at a time, at most one waiting, and one for when something is due. */
export class Upkeep {
  readonly #context: AccountContext;
  readonly #options: UpkeepOptions;
  #round: Promise<void> = Promise.resolve();
  #waiting = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #closing = new AbortController();

  constructor(context: AccountContext, options: UpkeepOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** One round now, whatever the mode. */
  async settle(own: FlushOptions['own'], signal?: AbortSignal): Promise<readonly SettleFailure[]> {
    const { failures, nextDueAt } = await settle(this.#context, { own, signal });
    if (nextDueAt !== undefined) this.#settleAt(nextDueAt);
    return failures;
  }

  /** A round soon. One that waits finds whatever came up meanwhile. */
  settleSoon(): void {
    if (this.#options.mode === 'manual' || this.#waiting || this.#closing.signal.aborted) return;
    this.#waiting = true;
    this.#round = this.#round.then(async () => {
      this.#waiting = false;
      if (this.#closing.signal.aborted) return;
      try {
        this.#report(await this.settle('wait', this.#closing.signal));
      } catch (cause) {
        this.#report([{ debt: 'store', cause }]);
      }
    });
  }

  /** Schedules nothing more and aborts the round under way; resolves when that has ended. */
  close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    return this.#round;
  }

  /**
   * No stanza will tell of what is to be done then: a claim of a process that is gone runs out, a signed pre-key has served its
   * period, a catch-up that nobody finished is over.
   */
  #settleAt(time: number): void {
    if (this.#options.mode === 'manual' || this.#closing.signal.aborted) return;
    clearTimeout(this.#timer);
    const wait = Math.max(0, time - this.#context.now()) + 1;
    // A round that comes too early finds nothing to do, and waits on.
    this.#timer = setTimeout(() => this.settleSoon(), Math.min(wait, LONGEST_TIMER));
    // Only Node has timers that keep a process alive.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #report(failures: readonly SettleFailure[]): void {
    if (failures.length > 0 && !this.#closing.signal.aborted) this.#options.onFailure(failures);
  }
}
