/**
 * How long work goes on before everybody else has a turn, in milliseconds. A step in a slice takes up to one more, on a telephone up to ten:
 * far below the 50 from which on a page feels stuck.
 */
const SLICE = 10;

let sliceEnds = 0;
let turn: Promise<void> | undefined;

/**
 * Does work of a millisecond or so, at once or, when a slice is used up, in the next one, after the event loop had its turn. All who wait share
 * the next slice: with one each, everybody else would have to wait for all of them.
 */
export async function inSlice<T>(work: () => T | Promise<T>): Promise<T> {
  while (performance.now() >= sliceEnds) {
    turn ??= nextSlice();
    await turn;
  }
  return work();
}

async function nextSlice(): Promise<void> {
  await nextTask();
  sliceEnds = performance.now() + SLICE;
  turn = undefined;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    // Not a timer, where it can be helped: those of a page in the background run once a second or less. Nor scheduler.yield, which puts
    // what goes on before all that waits.
    if (typeof MessageChannel === 'undefined') {
      setTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
