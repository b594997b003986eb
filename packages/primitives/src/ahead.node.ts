import type { CurveAhead } from './curve-ahead.ts';

export type { CurveAhead } from './curve-ahead.ts';

/** Nothing: `node:crypto` answers sooner than a promise would. */
export function computeAhead(): CurveAhead | undefined {
  return undefined;
}

/** Nobody: a process of Node has no page to keep alive. */
export async function giveWay(): Promise<void> {}
