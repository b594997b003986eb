import { bundleRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Client } from '../../src/client.ts';
import { publishedSignedPreKey } from '../../src/published.ts';
import { encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const DAY = 24 * 3_600_000;
const START = Date.UTC(2026, 0, 1);

/** Bob, whose clock is the test's, and people whose first messages to him are under way. */
async function scene(writers: number) {
  const world = new World();
  const time = { now: START };
  const clock = () => time.now;
  const bob = await world.client('bob@example.net/desk', { clock });
  await bob.omemo.start();
  bob.deaf();
  for (let n = 0; n < writers; n++) {
    const writer = await world.client(`writer${n}@example.org/x`);
    await writer.omemo.start();
    await writer.say(bob.jid, `delayed ${n}`);
  }
  await world.quiet();
  const delayed = bob.received.filter((stanza) => encryptedIn(stanza) !== undefined);
  expect(delayed).toHaveLength(writers);
  return { world, time, clock, bob, delayed };
}

/** Ids of the signed pre-keys whose private half is in the store. */
function kept(client: Client): number[] {
  const record = client.memory.snapshot().find(({ key }) => key === recordKeys(client.jid).bundle)!;
  const { signedPreKey, previousSignedPreKeys } = bundleRecord.decode(record);
  return [...previousSignedPreKeys.map(({ id }) => id), signedPreKey.id];
}

describe('the signed pre-key', () => {
  test('is replaced and published by upkeep when its period is over, and not before (R02, S18)', async () => {
    const { world, time, bob } = await scene(0);
    time.now = START + 7 * DAY - 1;
    await bob.omemo.settle();
    expect([publishedSignedPreKey(world, bob), kept(bob)]).toEqual([1, [1]]);
    time.now += 1;
    await bob.omemo.settle();
    expect([publishedSignedPreKey(world, bob), kept(bob)]).toEqual([2, [1, 2]]);
    await bob.omemo.settle();
    expect(publishedSignedPreKey(world, bob)).toBe(2);
  });

  test('reads delayed key exchanges for one more period, and is deleted then (R03, S18)', async () => {
    const { time, bob, delayed } = await scene(2);
    time.now = START + 7 * DAY;
    await bob.omemo.settle();
    time.now += 7 * DAY - 1;
    expect(await bob.omemo.receive(delayed[0]!)).toMatchObject({ type: 'message' });
    time.now += 1;
    const before = bob.memory.snapshot();
    // Also before upkeep has deleted it.
    expect(await bob.omemo.receive(delayed[1]!)).toMatchObject({ type: 'failed', code: 'unknown-signed-pre-key' });
    expect(bob.memory.snapshot()).toEqual(before);
    await bob.omemo.settle();
    expect(kept(bob)).toEqual([2, 3]);
  });

  test('of a device that was off for long is replaced by start, and what was published meanwhile reads on (R03, S18)', async () => {
    const { world, time, clock, bob, delayed } = await scene(1);
    time.now = START + 100 * DAY;
    await bob.crash({ clock });
    await bob.omemo.start();
    expect([publishedSignedPreKey(world, bob), kept(bob)]).toEqual([2, [1, 2]]);
    expect(await bob.omemo.receive(delayed[0]!)).toMatchObject({ type: 'message' });
    time.now += 100 * DAY;
    await bob.crash({ clock });
    await bob.omemo.start();
    expect(kept(bob)).toEqual([2, 3]);
  });

  test('is not kept for ever by a clock that was put back (S18)', async () => {
    const { time, bob, delayed } = await scene(1);
    time.now = START + 3_000 * DAY;
    await bob.omemo.settle();
    time.now = START;
    await bob.omemo.settle();
    expect(await bob.omemo.receive(delayed[0]!)).toMatchObject({ type: 'message' });
    expect(kept(bob)).toEqual([1, 2]);
    time.now = START + 7 * DAY;
    await bob.omemo.settle();
    expect(kept(bob)).toEqual([2, 3]);
  });

  test('that others still see is not forgotten while there is no connection (R03)', async () => {
    const { world, time, bob, delayed } = await scene(1);
    bob.connection.disconnect();
    for (let week = 1; week <= 8; week++) {
      time.now = START + week * 7 * DAY;
      expect((await bob.omemo.settle()).map(({ debt }) => debt)).toContain('bundle');
    }
    bob.connection.reconnect();
    expect(publishedSignedPreKey(world, bob)).toBe(1);
    await bob.omemo.start();
    expect(publishedSignedPreKey(world, bob)).toBe(2);
    // Others may have fetched the old one a moment ago.
    time.now += 7 * DAY - 1;
    await bob.omemo.settle();
    expect(await bob.omemo.receive(delayed[0]!)).toMatchObject({ type: 'message' });
  });

  test('is replaced also where no stanza comes that would wake upkeep (R02)', async () => {
    const { world, time, clock, bob } = await scene(0);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], now: START });
    onTestFinished(() => void vi.useRealTimers());
    await bob.crash({ clock, upkeep: 'automatic' });
    await bob.omemo.start();
    time.now += 7 * DAY;
    await vi.advanceTimersByTimeAsync(7 * DAY + 1);
    vi.useRealTimers();
    await vi.waitUntil(() => publishedSignedPreKey(world, bob) === 2);
    await bob.omemo.close();
  });
});
