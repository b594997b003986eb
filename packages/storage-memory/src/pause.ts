// Every runtime has it, but neither the language's types nor this package's own bring it along.
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Where in a call the store stands when it pauses. */
export interface PausePoint {
  readonly operation: 'get' | 'list' | 'commit';
  /**
   * `before` anything was read or written, or `after`: a commit then has happened and its caller has yet to learn of it.
   * A listing pauses `before` each of its pages.
   */
  readonly when: 'before' | 'after';
  /** The keys asked for, the prefix listed, or every key that the batch expects, puts or removes. */
  readonly keys: readonly string[];
}

/**
 * How a store gives way to others in the middle of a call: for a microtask, for a turn of the event loop, or until the
 * promise of a function resolves. When the function throws, so does the call: `before` a commit nothing has changed,
 * `after` it everything has, which is how a test plays a backend that fails or a connection that dies in the middle.
 */
export type Pause = 'microtask' | 'macrotask' | ((point: PausePoint) => void | PromiseLike<void>);

export async function pauseAt(pause: Pause, point: PausePoint): Promise<void> {
  if (pause === 'microtask') await undefined;
  else if (pause === 'macrotask') await new Promise<void>((resolve) => void setTimeout(resolve, 0));
  else await pause(point);
}
