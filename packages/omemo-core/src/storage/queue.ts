import { OmemoError } from '../errors.ts';

/**
 * Runs the operations of one account one after the other, so that within one process they never conflict. Correctness
 * does not depend on it: other processes are kept apart by compare-and-commit.
 */
export class OperationQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;

  run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    const result = this.#tail.then(() => operation());
    // The next one waits for this one's end, not for its success.
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Refuses what comes and waits for what runs. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tail;
  }

  get closed(): boolean {
    return this.#closed;
  }
}

export function closedError(): OmemoError {
  return new OmemoError('closed', 'this Omemo was closed');
}
