import { StoreError } from '@omemo-kit/omemo-core/ports';
import { isBusy } from './result-code.ts';

/** Work that has kept the event loop this long is followed by a turn of it; milliseconds. */
const longestRun = 10;

/** Longest pause before a busy database is tried again, milliseconds. SQLite itself waits a little in each try. */
const longestPause = 16;

/**
 * Does synchronous work on a database so that the event loop stays alive: busy work is tried again after a pause, and much work in a row gives way to others now and then.
 */
export class Turns {
  readonly #busyTimeout: number;
  #worked = 0;

  /** `busyTimeout`: how long a busy database is tried, milliseconds. */
  constructor(busyTimeout: number) {
    this.#busyTimeout = busyTimeout;
  }

  /** When work that is asked for now is given up. */
  deadline(): number {
    return performance.now() + this.#busyTimeout;
  }

  /** @throws StoreError `unavailable` when the database is still busy at the deadline. */
  async do<T>(work: () => T, deadline = this.deadline()): Promise<T> {
    if (this.#worked > longestRun) {
      this.#worked = 0;
      await pause(0);
    }
    for (let tries = 0; ; tries++) {
      const start = performance.now();
      try {
        return work();
      } catch (cause) {
        if (!isBusy(cause)) throw cause;
        if (performance.now() >= deadline) {
          const message = `other connections kept the database busy for ${this.#busyTimeout} ms`;
          throw new StoreError('unavailable', message, { cause });
        }
      } finally {
        this.#worked += performance.now() - start;
      }
      await pause(Math.min(longestPause, 2 ** tries));
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
