import { isPublishTo } from '@omemo-kit/loopback';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { deviceList } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const DEVICES = 'urn:xmpp:omemo:2:devices';
const ALICE = 'alice@example.org';
const MINUTE = 60_000;

async function scene() {
  const time = { now: 1_700_000_000_000 };
  const world = new World();
  const clock = () => time.now;
  const phone = await world.client(`${ALICE}/phone`, { clock });
  await phone.omemo.start();
  /** When the device list was published by clients, not by the adversary. */
  const published: { readonly jid: string; readonly at: number }[] = [];
  world.server.watch(({ direction, jid, stanza }) => {
    if (direction !== 'to-server' || jid.endsWith('/adversary') || !isPublishTo(DEVICES)(stanza)) return;
    published.push({ jid, at: time.now });
  });
  const adversary = world.server.connect(`${ALICE}/adversary`, { notify: [] });
  const remove = async (...left: readonly number[]) => {
    await adversary.transport.publish({ node: DEVICES, item: { id: 'current', payload: deviceList(left) } });
    await world.quiet();
  };
  return { world, time, clock, phone, published, remove };
}

const ids = (world: World) =>
  (world.server.node(ALICE, DEVICES)?.items.get('current')?.getChildElements() ?? []).map(({ attrs }) => attrs['id']);

/** The most that fall into any span of so many milliseconds. */
function most(times: readonly number[], span: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + span).length));
}

describe('a device that somebody takes off the list', () => {
  test('puts itself back at once, and keeps those who are there (R57, R58)', async () => {
    const { world, phone, published, remove } = await scene();
    await remove(77);
    expect(await phone.omemo.settle()).toEqual([]);
    expect(ids(world)).toEqual(['77', String(phone.omemo.deviceId)]);
    expect(published).toHaveLength(1);
  });

  test('puts itself back also where no event tells of it and its user looks at the list (R57)', async () => {
    const { world, phone, published, remove } = await scene();
    phone.deaf();
    await remove(77);
    const seen = await phone.omemo.devices(ALICE, { refresh: 'always' });
    expect(seen.filter(({ listed }) => listed).map(({ deviceId }) => deviceId)).toEqual([77]);
    expect(await phone.omemo.settle()).toEqual([]);
    expect(ids(world)).toEqual(['77', String(phone.omemo.deviceId)]);
    expect(published).toHaveLength(1);
  });

  test('again and again: at most 5 publications a minute, ever rarer, for hours (S53)', async () => {
    const { time, phone, published, remove } = await scene();
    for (let second = 0; second < 4 * 3_600; second += 10) {
      await remove(77);
      await phone.omemo.settle();
      time.now += 10_000;
    }
    const times = published.map(({ at }) => at);
    expect(most(times, MINUTE)).toBeLessThanOrEqual(5);
    expect(most(times.slice(-4), 60 * MINUTE)).toBeLessThanOrEqual(2);
    expect(times.length).toBeGreaterThan(8);
    expect(times.length).toBeLessThan(16);
  });

  test('again and again: a restart does not start the pauses anew (S53)', async () => {
    const { time, clock, phone, published, remove } = await scene();
    for (let second = 0; second < 600; second += 10) {
      await remove(77);
      await phone.crash({ clock });
      await phone.omemo.start();
      time.now += 10_000;
    }
    expect(
      most(
        published.map(({ at }) => at),
        MINUTE,
      ),
    ).toBeLessThanOrEqual(5);
    expect(published.length).toBeLessThanOrEqual(7);
  });

  test('is told when it puts itself back, does so then, and starts anew after a calm day', async () => {
    const { world, time, phone, remove } = await scene();
    const delayed = async () => {
      for (let removals = 0; removals < 10; removals++) {
        await remove(77);
        const [failure] = await phone.omemo.settle();
        if (failure !== undefined) return { removals, failure };
      }
      return undefined;
    };
    const first = await delayed();
    expect(first).toMatchObject({
      removals: 2,
      failure: { debt: 'device-list', cause: { code: 'announcement-delayed', details: { until: time.now + 30_000 } } },
    });
    // All else works meanwhile.
    await phone.omemo.start();
    time.now += 30_000;
    expect(await phone.omemo.settle()).toEqual([]);
    expect(ids(world)).toContain(String(phone.omemo.deviceId));
    time.now += 24 * 60 * MINUTE;
    expect(await delayed()).toMatchObject({ removals: 3 });
  });

  test('two clients that take each other off do not loop (S53)', async () => {
    const { world, time, clock, phone, published } = await scene();
    const laptop = await world.client(`${ALICE}/laptop`, { clock });
    await laptop.omemo.start();
    const clients = [phone, laptop];
    published.length = 0;
    /** A client that takes whatever it does not know for a leftover: it publishes itself alone. */
    const buggy = async (client: Client) => {
      await client.omemo.settle();
      const payload = deviceList([client.omemo.deviceId]);
      await client.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
      await world.quiet();
    };
    const own = async (client: Client) => {
      const from = published.length;
      await client.omemo.settle();
      return published.slice(from);
    };
    const counted: { readonly jid: string; readonly at: number }[] = [];
    for (let round = 0; round < 120; round++) {
      const [remover, removed] = round % 2 === 0 ? [phone, laptop] : [laptop, phone];
      await buggy(remover!);
      counted.push(...(await own(removed!)));
      await world.quiet();
      time.now += 5_000;
    }
    for (const { connection } of clients) {
      const times = counted.filter(({ jid }) => jid === connection.jid).map(({ at }) => at);
      expect(times.length).toBeGreaterThan(0);
      expect(most(times, MINUTE)).toBeLessThanOrEqual(5);
      expect(times.length).toBeLessThanOrEqual(8);
    }
  });
});
