// Every runtime has it; this package brings no types of one along.
declare function setTimeout(callback: () => void, milliseconds: number): unknown;

/** Lets everything that is ready run. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
