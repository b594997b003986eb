import type { Omemo, ReadMessage } from '@omemo-kit/omemo-core';
import { expect, test } from 'vitest';
import { Deliveries } from '../../src/attach/deliveries.ts';
import { AttachedListeners } from '../../src/attach/events.ts';

const message = (id: string) => ({ type: 'message', id }) as ReadMessage;
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

function setUp() {
  const acks: { readonly ids: readonly string[]; readonly done: () => void; readonly fail: (cause: Error) => void }[] =
    [];
  const omemo = {
    ack: (ids: readonly string[]) =>
      new Promise<void>((resolve, reject) => void acks.push({ ids, done: resolve, fail: reject })),
  } as Pick<Omemo, 'ack'> as Omemo;
  const listeners = new AttachedListeners();
  const shown: string[] = [];
  listeners.on('message', ({ id }) => void shown.push(id));
  return { acks, shown, listeners, deliveries: new Deliveries(omemo, listeners) };
}

test('what was shown while something was being acknowledged is acknowledged together', async () => {
  const { acks, shown, deliveries } = setUp();
  for (const id of ['a', 'b', 'c']) deliveries.offer(message(id));
  await turn();
  expect(shown).toEqual(['a', 'b', 'c']);
  expect(acks.map(({ ids }) => ids)).toEqual([['a']]);
  acks[0]?.done();
  await turn();
  expect(acks.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
});

test('a message is not shown again before its acknowledgement came through, and may be when it failed', async () => {
  const { acks, shown, deliveries } = setUp();
  deliveries.offer(message('a'));
  await turn();
  deliveries.offer(message('a'));
  await turn();
  expect(shown).toEqual(['a']);
  acks[0]?.fail(new Error('no disk'));
  await turn();
  deliveries.offer(message('a'));
  await turn();
  expect(shown).toEqual(['a', 'a']);
});

test('what the application has is acknowledged before it is closed', async () => {
  const { acks, deliveries } = setUp();
  for (const id of ['a', 'b']) deliveries.offer(message(id));
  await turn();
  deliveries.close();
  expect(acks.map(({ ids }) => ids)).toEqual([['a'], ['b']]);
  deliveries.offer(message('c'));
  await turn();
  expect(acks).toHaveLength(2);
});
