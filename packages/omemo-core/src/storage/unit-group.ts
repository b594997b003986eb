import { inSlice } from '@omemo-kit/primitives/ahead';
import type { UnitOfWork } from './unit-of-work.ts';

type Body<T> = (unit: UnitOfWork) => Promise<T>;

interface Waiting {
  readonly body: Body<unknown>;
  readonly settle: (outcome: PromiseSettledResult<unknown>) => void;
}

/**
 * Units of work that wait for each other and share one commit, in the order they were added. None resolves before all of it is
 * durable; one whose body throws changes nothing, and is no matter of the others.
 */
export class UnitGroup {
  readonly #transact: <T>(body: Body<T>, signal?: AbortSignal) => Promise<T>;
  #waiting: Waiting[] = [];

  constructor(transact: <T>(body: Body<T>, signal?: AbortSignal) => Promise<T>) {
    this.#transact = transact;
  }

  /** Settles with `commit`, and as `transact` would. */
  add<T>(body: Body<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: PromiseSettledResult<unknown>): void => {
        if (outcome.status === 'fulfilled') resolve(outcome.value as T);
        else reject(outcome.reason);
      };
      this.#waiting.push({ body, settle });
    });
  }

  /** Runs what was added, and commits it. What keeps it from being committed rejects all of it; this never does. */
  async commit(signal?: AbortSignal): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    if (group.length === 0) return;
    try {
      const outcomes = await this.#transact(async (unit) => {
        const outcomes: PromiseSettledResult<unknown>[] = [];
        for (const { body } of group) outcomes.push(await inSlice(() => unit.attempt(body)));
        return outcomes;
      }, signal);
      for (const [index, { settle }] of group.entries()) settle(outcomes[index] as PromiseSettledResult<unknown>);
    } catch (reason) {
      for (const { settle } of group) settle({ status: 'rejected', reason });
    }
  }
}
