import type { StoreErrorCode } from '@omemo-kit/omemo-core';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/client.ts';
import { type FaultMoment, FaultyStore } from '../../src/store-faults.ts';
import { World } from '../../src/world.ts';

const faults: { operation: 'get' | 'list' | 'commit'; moment: FaultMoment; code: StoreErrorCode }[] = [
  { operation: 'get', moment: 'before', code: 'unavailable' },
  { operation: 'list', moment: 'before', code: 'unavailable' },
  { operation: 'commit', moment: 'before', code: 'unavailable' },
  { operation: 'commit', moment: 'before', code: 'quota' },
  { operation: 'commit', moment: 'before', code: 'indeterminate' },
  { operation: 'commit', moment: 'after', code: 'indeterminate' },
  // A backend that breaks the contract: it happened, and it says that nothing did.
  { operation: 'commit', moment: 'after', code: 'unavailable' },
];

/** Start, receive, answer, send, acknowledge: Bob does it all on a store of which one call fails. */
async function conversation(
  operation: 'get' | 'list' | 'commit',
  call: number,
  moment: FaultMoment,
  code: StoreErrorCode,
) {
  const world = new World();
  const alice = await world.client('alice@example.org/phone');
  await alice.omemo.start();
  const connection = { connect: { carbons: 'off' as const } };
  const bob = await world.client('bob@example.net/desk', connection);
  const store = new FaultyStore(bob.memory.open());
  await bob.crash({ store });
  Object.assign(store.calls, { get: 0, list: 0, commit: 0 });
  store.fault = { operation, call, moment, code };

  /** Only the store's failure may come out of a call, and not when reading can tell what became of the commit. */
  const told = (error: unknown) => {
    expect(store.fired && code !== 'indeterminate', String(error)).toBe(true);
  };
  /** Does it again after a failure, as an application does: nothing may be lost or doubled by that. */
  const persist = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      told(error);
      return action();
    }
  };
  await persist(() => bob.omemo.start());
  await world.quiet();
  // What was consumed from the connection and failed in the store is handed in again.
  bob.deaf();
  const take = async () => {
    await world.quiet();
    for (const stanza of bob.received.splice(0)) bob.results.push(await persist(() => bob.omemo.receive(stanza)));
  };
  // A copy of what is not acknowledged brings it along: the application may not have been told the first time.
  const read = () =>
    bob.results.flatMap((result) => {
      const message = result.type === 'duplicate' ? result.unacknowledged : result;
      return message?.type === 'message' ? [message] : [];
    });
  await alice.say(bob.jid, 'one');
  await take();
  await persist(() => bob.omemo.settle());
  await world.quiet();
  // The application numbers its messages, so that trying again cannot make two of one.
  const send = async (text: string) => {
    try {
      await bob.say(alice.jid, text);
    } catch (error) {
      told(error);
      // What is in the outbox goes out by itself.
      const kept = await bob.omemo.outbox();
      if (kept.length === 0) await bob.say(alice.jid, text);
    }
  };
  await send('two');
  await world.quiet();
  await alice.say(bob.jid, 'three');
  await take();
  await send('four');
  await persist(() => bob.omemo.ack(read().map(({ id }) => id)));
  await persist(() => bob.omemo.settle());
  await world.quiet();
  await take();
  const { fired } = store;
  store.fault = undefined;
  // A claim of what failed in the middle runs out.
  await bob.crash({ store, clock: () => Date.now() + 60_000 });
  await bob.omemo.start();
  await world.quiet();

  expect([...alice.texts].sort()).toEqual(['four', 'two']);
  expect(read().map(textOf)).toEqual(['one', 'three']);
  expect(alice.results.filter(({ type }) => type === 'failed' || type === 'rejected')).toEqual([]);
  expect(bob.results.filter(({ type }) => type === 'failed' || type === 'rejected')).toEqual([]);
  expect(await bob.omemo.outbox()).toEqual([]);
  expect(await bob.omemo.inbox()).toEqual([]);
  expect(world.spent.violations).toEqual([]);
  return { fired };
}

describe('a store of which one call fails', () => {
  test.each(faults)('$moment a $operation with $code: no message lost, none doubled', async (fault) => {
    for (let call = 0; ; call++) {
      const { fired } = await conversation(fault.operation, call, fault.moment, fault.code).catch((cause) => {
        throw new Error(`call ${call}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      });
      if (fired) continue;
      expect(call).toBeGreaterThan(5);
      return;
    }
  });

  test('what was committed is told as sent even when the store fails afterwards', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const store = new FaultyStore(alice.memory.open());
    await alice.crash({ store });
    // The first commit of a send encrypts, the second one takes the stanza out of the outbox.
    store.fault = { operation: 'commit', call: 1, moment: 'before', code: 'unavailable' };
    const sent = await alice.say(bob.jid, 'once');
    expect(store.fired).toBe(true);
    expect(sent.delivery).not.toBe('queued');
    await world.quiet();
    expect(bob.texts).toEqual(['once']);
  });

  test('a send whose claim cannot be freed is still queued, not failed', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const store = new FaultyStore(alice.memory.open());
    await alice.crash({ store });
    alice.connection.disconnect();
    store.fault = { operation: 'commit', call: 1, moment: 'before', code: 'unavailable' };
    const sent = await alice.say(bob.jid, 'later');
    expect(store.fired).toBe(true);
    expect(sent.delivery).toBe('queued');
    expect(await alice.omemo.outbox()).toHaveLength(1);
  });

  test('an indeterminate commit that cannot be looked up is reported as indeterminate', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const inner = alice.memory.open();
    const store = new FaultyStore(inner, { operation: 'commit', call: 0, moment: 'after', code: 'indeterminate' });
    const get = store.get.bind(store);
    store.get = (keys) =>
      store.fired ? Promise.reject(Object.assign(new Error('down'), { code: 'unavailable' })) : get(keys);
    await alice.crash({ store });
    await expect(alice.say(bob.jid, 'perhaps')).rejects.toMatchObject({ code: 'indeterminate' });
  });
});
