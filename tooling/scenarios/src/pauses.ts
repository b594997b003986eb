import type { PausePoint } from '@omemo-kit/storage-memory';

/** Gives way at every call for a number of turns that a seed draws: the interleaving is the seed's. */
export function seededPause(seed: number): () => Promise<void> {
  let state = seed >>> 0 || 1;
  return async () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    for (let turns = (state >>> 0) % 4; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  };
}

/** Runs something once, at the first call that matches. */
export function onceAt(
  matches: (point: PausePoint) => boolean,
  run: () => Promise<unknown>,
): (point: PausePoint) => Promise<void> {
  let done = false;
  return async (point) => {
    if (done || !matches(point)) return;
    done = true;
    await run();
  };
}
