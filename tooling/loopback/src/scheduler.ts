/** Turns of the event loop without anything moving after which a blocked listener is no longer waited for. */
const quietTurns = 10;

/**
 * Runs what crosses the network in the order it was put in, one a microtask, and knows when everything has come to rest:
 * nothing under way, and no listener still at work on something it got.
 */
export class Scheduler {
  readonly #tasks: (() => void)[] = [];
  readonly #working = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  #ran = 0;
  #wake: (() => void) | undefined;

  enqueue(task: () => void): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) queueMicrotask(() => this.#run());
    this.#wake?.();
  }

  /** Calls a listener; what it throws, or its promise rejects with, is thrown by the next `settle`. */
  call(listener: () => unknown): void {
    try {
      const result = listener();
      if (!(result instanceof Promise)) return;
      const work: Promise<void> = result
        .then(
          () => {},
          (error: unknown) => void this.#failures.push(error),
        )
        .finally(() => void this.#working.delete(work));
      this.#working.add(work);
    } catch (error) {
      this.#failures.push(error);
    }
  }

  /** `blocked` says whether something is held back that a listener may be waiting for. */
  async settle(blocked: () => boolean): Promise<void> {
    while (this.#tasks.length > 0 || this.#working.size > 0) {
      if (this.#tasks.length > 0) await undefined;
      else if (blocked()) {
        if (await this.#isQuiet()) break;
      } else {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        await Promise.race([woken, ...this.#working]);
        this.#wake = undefined;
      }
    }
    const [failure] = this.#failures.splice(0);
    if (failure !== undefined) throw failure;
  }

  async #isQuiet(): Promise<boolean> {
    const ran = this.#ran;
    for (let turn = 0; turn < quietTurns; turn++) {
      await new Promise<void>((resolve) => void setTimeout(resolve, 0));
      if (this.#ran !== ran || this.#tasks.length > 0) return false;
    }
    return true;
  }

  #run(): void {
    const task = this.#tasks[0]!;
    try {
      this.#ran++;
      task();
    } catch (error) {
      this.#failures.push(error);
    } finally {
      this.#tasks.shift();
      if (this.#tasks.length > 0) queueMicrotask(() => this.#run());
    }
  }
}
