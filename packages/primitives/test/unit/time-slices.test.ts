import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSlice } from '../../src/time-slices.ts';

/** Far ahead of every slice that began before. */
let now = 1e9;
/** Tasks that were asked for, each a turn of the event loop. */
let tasks = 0;

const { MessageChannel, setTimeout } = globalThis;

const byMessages = () => {
  const CountedChannel = class extends MessageChannel {
    constructor() {
      super();
      tasks += 1;
    }
  };
  vi.stubGlobal('MessageChannel', CountedChannel);
};

const byTimers = () => {
  vi.stubGlobal('MessageChannel', undefined);
  vi.stubGlobal('setTimeout', (...args: Parameters<typeof setTimeout>) => {
    tasks += 1;
    return setTimeout(...args);
  });
};

beforeEach(() => {
  now += 1000;
  tasks = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe.each([
  ['messages', byMessages],
  ['timers, where there is no MessageChannel,', byTimers],
])('slices by %s', (_, stub) => {
  beforeEach(stub);

  test('are tasks of their own; what has room in one begins at once', async () => {
    expect(await inSlice(() => 'first')).toBe('first');
    expect(tasks).toBe(1);
    now += 9;
    expect(await inSlice(async () => 'second')).toBe('second');
    expect(tasks).toBe(1);
    now += 2;
    await inSlice(() => 'third');
    expect(tasks).toBe(2);
  });

  test('are shared by all who wait; who finds it used up waits for the next', async () => {
    const order: string[] = [];
    const step = (name: string) =>
      inSlice(() => {
        order.push(`${name} in slice ${tasks}`);
        now += 6;
      });
    await Promise.all([step('a'), step('b'), step('c')]);
    expect(order).toEqual(['a in slice 1', 'b in slice 1', 'c in slice 2']);
  });

  test('end with what throws in them', async () => {
    const fail = () => {
      throw new RangeError('wrong');
    };
    await expect(inSlice(fail)).rejects.toThrow('wrong');
    expect(await inSlice(() => 'next')).toBe('next');
  });
});
