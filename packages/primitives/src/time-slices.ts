/**
 * How long work goes on before everybody else has a turn, in milliseconds. A step in a slice takes up to one more, on a telephone up to ten:
 * far below the 50 from which on a page feels stuck.
 */
const SLICE = 10;

interface Scheduling {
  readonly scheduler?: { yield?(): Promise<void> };
  readonly MessageChannel?: typeof MessageChannel;
}

let sliceEnds = 0;

/** Gives way to the event loop once a slice is used up. To be awaited between steps that take a millisecond or so each. */
export async function giveWay(): Promise<void> {
  if (performance.now() < sliceEnds) return;
  await nextTask();
  sliceEnds = performance.now() + SLICE;
}

function nextTask(): Promise<void> {
  const { scheduler, MessageChannel: Channel }: Scheduling = globalThis;
  if (scheduler?.yield !== undefined) return scheduler.yield();
  return new Promise((resolve) => {
    if (Channel === undefined) {
      setTimeout(resolve, 0);
      return;
    }
    // Not a timer, where it can be helped: those of a page in the background run once a second or less.
    const { port1, port2 } = new Channel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
