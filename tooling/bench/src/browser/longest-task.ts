/** How a part of the work went, for the user and for the page. */
export interface Watched {
  readonly milliseconds: number;
  /** Milliseconds of the longest task that the browser calls long, which is over 50; 0 when there was none. */
  readonly longestTask: number;
  /** Longest time that a message from the page to itself had to wait for its turn, milliseconds. */
  readonly longestWait: number;
}

/** How long this took, and how long the page could not do anything else meanwhile. */
export async function watchTasks(run: () => Promise<void>): Promise<Watched> {
  const durations: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) durations.push(duration);
  });
  // A task of its own: what the page did before in this one is nobody's doing here.
  await new Promise((resolve) => setTimeout(resolve, 0));
  observer.observe({ type: 'longtask' });
  const waits = watchWaits();
  const began = performance.now();
  await run();
  const milliseconds = performance.now() - began;
  const longestWait = await waits.end();
  // What the last task took is told after it.
  await new Promise((resolve) => setTimeout(resolve, 200));
  observer.disconnect();
  return { milliseconds, longestTask: Math.max(0, ...durations), longestWait };
}

/** The page writes to itself, again and again. */
function watchWaits(): { end(): Promise<number> } {
  const { port1, port2 } = new MessageChannel();
  let longest = 0;
  let sent = performance.now();
  let over: ((longest: number) => void) | undefined;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - sent);
    if (over !== undefined) {
      port1.close();
      over(longest);
      return;
    }
    sent = now;
    port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  return {
    end: () =>
      new Promise((resolve) => {
        over = resolve;
      }),
  };
}
