import type { CurveAhead } from './curve-ahead.ts';

export type { CurveAhead } from './curve-ahead.ts';

/** Nothing: `node:crypto` answers sooner than a promise would. */
export function computeAhead(): CurveAhead | undefined {
  return undefined;
}

/** At once: a process of Node has no page to keep alive. */
export function inSlice<T>(work: () => T | Promise<T>): T | Promise<T> {
  return work();
}
