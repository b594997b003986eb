import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSlice } from '../../src/time-slices.ts';

let now = 1e9;

beforeEach(() => {
  now += 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Tasks of the event loop that had their turn while this was awaited. */
async function turnsDuring(waited: () => Promise<void>): Promise<number> {
  let turns = 0;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    turns += 1;
  };
  port2.postMessage(undefined);
  await waited();
  port1.close();
  return turns;
}

describe.each([
  ['a MessageChannel', () => {}],
  ['a timer', () => vi.stubGlobal('MessageChannel', undefined)],
])('by %s', (_, stub) => {
  test('others have their turn when a slice is used up, and not before', async () => {
    const give = async () => {
      stub();
      await inSlice(() => {});
      vi.unstubAllGlobals();
    };
    expect(await turnsDuring(give)).toBe(1);
    now += 9;
    expect(await turnsDuring(give)).toBe(0);
    now += 2;
    expect(await turnsDuring(give)).toBe(1);
  });
});

test('those who wait share one slice, and who finds it used up waits for the next', async () => {
  vi.stubGlobal('MessageChannel', undefined);
  const tasks = vi.spyOn(globalThis, 'setTimeout');
  const order: string[] = [];
  const step = (name: string) =>
    inSlice(() => {
      order.push(`${name} in slice ${tasks.mock.calls.length}`);
      now += 6;
    });
  await Promise.all([step('a'), step('b'), step('c')]);
  expect(order).toEqual(['a in slice 1', 'b in slice 1', 'c in slice 2']);
});
