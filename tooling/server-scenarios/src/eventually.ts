import { expect } from 'vitest';

/** Milliseconds until a condition has to hold: far more than any needs, so that only what never comes runs into it. */
const DEADLINE = 20_000;

/** `expect` for what is still on its way: read again until it matches, and fails with the difference when it never does. */
export function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: DEADLINE, interval: 10 });
}
