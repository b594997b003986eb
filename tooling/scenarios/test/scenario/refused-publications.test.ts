import { isPublishTo } from '@omemo-kit/loopback';
import type { OmemoError } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { World } from '../../src/world.ts';

const DEVICES = 'urn:xmpp:omemo:2:devices';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';
const ALICE = 'alice@example.org';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const REFUSED = { type: 'wait', condition: 'resource-constraint' } as const;

/** Alice announced, on a server that from now on refuses publications to a node; and when she tried. */
async function scene(node: string) {
  const time = { now: 1_700_000_000_000 };
  const world = new World();
  const clock = () => time.now;
  const alice = await world.client(`${ALICE}/phone`, { clock });
  await alice.omemo.start();
  const tries = new Set<number>();
  const matches = (stanza: Element) => isPublishTo(node)(stanza);
  world.server.watch(({ direction, stanza }) => {
    if (direction === 'to-server' && matches(stanza)) tries.add(time.now);
  });
  const refusal = world.server.faults.fail({ jid: ALICE, direction: 'to-server', matches }, REFUSED);
  /** Something makes upkeep run, again and again. */
  const busy = async (duration: number, every: number) => {
    for (const end = time.now + duration; time.now < end; time.now += every) await alice.omemo.settle();
  };
  return { world, time, clock, alice, tries, refusal, busy };
}

const listed = (world: World) =>
  (world.server.node(ALICE, DEVICES)?.items.get('current')?.getChildElements() ?? []).map(({ attrs }) => attrs['id']);
const bundles = (world: World) => [...(world.server.node(ALICE, BUNDLES)?.items.keys() ?? [])];

/** A minute has no more than 5, and the pauses grow to an hour. */
function expectPauses(tries: ReadonlySet<number>): void {
  const times = [...tries];
  for (const from of times)
    expect(times.filter((at) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(5);
  expect(times.length).toBeGreaterThan(8);
  expect(times.length).toBeLessThan(24);
  expect(times.at(-1)! - times.at(-2)!).toBeGreaterThanOrEqual(HOUR);
}

describe('a bundle that the server refuses', () => {
  test('is tried ever more rarely, over restarts too, however often something makes upkeep run (S17, S53)', async () => {
    const { alice, clock, tries, busy } = await scene(BUNDLES);
    await alice.omemo.rotateSignedPreKey();
    await busy(10 * MINUTE, 10_000);
    await alice.crash({ clock });
    await busy(10 * HOUR, 5 * MINUTE);
    expectPauses(tries);
  });

  test('is told with the time of the next try, and published then (S17)', async () => {
    const { world, time, alice, tries, refusal, busy } = await scene(BUNDLES);
    await alice.omemo.rotateSignedPreKey();
    await busy(5_000, 1_000);
    const at = time.now;
    const failures = await alice.omemo.settle();
    expect(failures).toMatchObject([{ debt: 'bundle', cause: { code: 'publication-delayed' } }]);
    const { until } = (failures[0]!.cause as OmemoError<'publication-delayed'>).details;
    expect(until).toBeGreaterThan(at);
    refusal.stop();
    const before = tries.size;
    time.now = until - 1;
    await alice.omemo.settle();
    expect(tries.size).toBe(before);
    time.now = until;
    expect(await alice.omemo.settle()).toEqual([]);
    expect(tries.size).toBe(before + 1);
    // All is well, and the next change waits for nothing.
    await alice.omemo.rotateSignedPreKey();
    time.now += 1;
    expect(await alice.omemo.settle()).toEqual([]);
    expect(tries.size).toBe(before + 2);
    expect(bundles(world)).toEqual([String(alice.omemo.deviceId)]);
  });

  test('is tried at once by a start, which says why it failed, and shows no device without a bundle meanwhile (X05)', async () => {
    const time = { now: 1_700_000_000_000 };
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`, { clock: () => time.now });
    const matches = isPublishTo(BUNDLES);
    const refusal = world.server.faults.fail({ jid: ALICE, direction: 'to-server', matches }, REFUSED);
    for (let start = 0; start < 6; start++) {
      const { hits } = refusal;
      await expect(alice.omemo.start()).rejects.toMatchObject({ condition: REFUSED.condition });
      expect(refusal.hits).toBeGreaterThan(hits);
      await alice.omemo.settle();
    }
    expect(listed(world)).toEqual([]);
    refusal.stop();
    await alice.omemo.start();
    expect([listed(world), bundles(world)]).toEqual([[String(alice.omemo.deviceId)], [String(alice.omemo.deviceId)]]);
  });

  test('is not counted where the connection is gone: it is tried with the next one and after it as before', async () => {
    const { world, time, alice, tries, refusal } = await scene(BUNDLES);
    refusal.stop();
    const lost = world.server.faults.drop({ jid: ALICE, direction: 'to-server', matches: isPublishTo(BUNDLES) });
    await alice.omemo.rotateSignedPreKey();
    for (let turn = 0; turn < 10; turn++) {
      time.now += 1;
      await alice.omemo.settle();
    }
    expect(tries.size).toBe(10);
    lost.stop();
    expect(await alice.omemo.settle()).toEqual([]);
  });
});

describe('a withdrawal that the server refuses', () => {
  test('is tried ever more rarely, over restarts too, and holds all the while (R119, S53)', async () => {
    const { world, alice, clock, tries, busy } = await scene(DEVICES);
    await expect(alice.omemo.account.deactivate()).rejects.toMatchObject({ condition: REFUSED.condition });
    await busy(10 * MINUTE, 10_000);
    await alice.crash({ clock });
    await busy(10 * HOUR, 5 * MINUTE);
    expectPauses(tries);
    expect(await alice.omemo.account.standing()).toBe('withdrawing');
    expect(listed(world)).toHaveLength(1);
  });

  test('is tried at once when the user deactivates again, and by a start, and ends (R119)', async () => {
    const { world, time, alice, tries, refusal, busy } = await scene(DEVICES);
    await alice.omemo.account.deactivate().catch(() => undefined);
    await busy(5_000, 1_000);
    expect(await alice.omemo.settle()).toMatchObject([{ debt: 'withdrawal', cause: { code: 'publication-delayed' } }]);
    for (const call of [() => alice.omemo.account.deactivate(), () => alice.omemo.start()]) {
      time.now += 1;
      await call().catch(() => undefined);
      expect(tries).toContain(time.now);
    }
    refusal.stop();
    await alice.omemo.account.deactivate();
    expect([listed(world), bundles(world), await alice.omemo.account.standing()]).toEqual([[], [], 'deactivated']);
  });
});
