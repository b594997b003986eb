import { isFetchOf, isPublishTo } from '@omemo-kit/loopback';
import { omemo2 } from '@omemo-kit/omemo-core';
import { verify } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { deviceList, deviceListEvent } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const DEVICES = 'urn:xmpp:omemo:2:devices';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';
const ALICE = 'alice@example.org';

describe('what a device publishes', () => {
  test('is one list under the item id "current", with all devices of the account (R50, R56)', async () => {
    const world = new World();
    const devices = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    const { items } = world.server.node(ALICE, DEVICES)!;
    expect([...items.keys()]).toEqual(['current']);
    const listed = items.get('current')!.getChildElements();
    expect(listed.map(({ attrs }) => Number(attrs['id']))).toEqual(devices.map(({ omemo }) => omemo.deviceId));
  });

  test('is a bundle for each device, an item of its own under the device id, complete and signed (R60-R64)', async () => {
    const world = new World();
    const devices = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    const { items } = world.server.node(ALICE, BUNDLES)!;
    expect([...items.keys()]).toEqual(devices.map(({ omemo }) => String(omemo.deviceId)));
    for (const { omemo } of devices) {
      const bundle = omemo2.elements.readBundle(items.get(String(omemo.deviceId))!);
      expect(Buffer.from(bundle.identityKey).equals(omemo.identityKey)).toBe(true);
      const { publicKey: message, signature } = bundle.signedPreKey;
      expect(verify({ publicKey: omemo.identityKey, message, signature })).toBe(true);
      const ids = bundle.preKeys.map(({ id }) => id);
      expect(new Set(ids).size).toBe(25);
      for (const id of [bundle.signedPreKey.id, ...ids]) {
        expect(id).toBeGreaterThanOrEqual(1);
        expect(id).toBeLessThan(2 ** 31);
      }
    }
  });

  test('is found under a random device id of 1 to 2^31 - 1 (R45)', async () => {
    const world = new World();
    const ids = new Set<number>();
    for (let n = 0; n < 8; n++) ids.add((await world.client(`${ALICE}/${n}`)).omemo.deviceId);
    expect(ids.size).toBe(8);
    for (const id of ids) expect(id >= 1 && id < 2 ** 31).toBe(true);
    // Eight in a row below 2^24 are one chance in 2^56.
    expect(Math.max(...ids)).toBeGreaterThan(2 ** 24);
  });
});

describe('device lists of others', () => {
  test('are cached: a second message asks for none (R48)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'one');
    const from = world.server.log.length;
    await alice.say(bob.jid, 'two');
    const asked = world.server.log.slice(from).filter(({ stanza }) => isFetchOf(DEVICES)(stanza));
    expect(asked).toEqual([]);
  });

  test('are fetched again with each new connection, since nobody tells of what changed meanwhile (R48, R49)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'one');
    await world.calm();
    alice.connection.disconnect();
    world.server.unsubscribe(alice.jid, bob.jid);
    const tablet = await world.client('bob@example.net/tablet');
    await tablet.omemo.start();
    await world.quiet();
    alice.connection.reconnect();
    await alice.omemo.start();
    const { devices } = await alice.say(bob.jid, 'two');
    expect(devices.map(({ deviceId }) => deviceId)).toContain(tablet.omemo.deviceId);
  });

  test('that an event shows are a hint to fetch, for events have no order', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'one');
    // An event that was overtaken by a newer one.
    const result = await alice.omemo.receive(deviceListEvent(bob.jid, [4711]));
    expect(result).toMatchObject({ type: 'device-list', jid: bob.jid, change: 'stale' });
    const sent = await alice.say(bob.jid, 'two');
    expect(sent.devices.map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
  });

  test('in an event count for the account that sent it, and our own only from ourselves (S49)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'hello');
    await world.calm();
    const from = world.server.log.length;
    for (const jid of ['mallory@example.com', `${ALICE}.example.com`, 'example.org']) {
      const result = await alice.omemo.receive(deviceListEvent(jid, [1]));
      expect(result).not.toMatchObject({ jid: ALICE });
      expect(result).not.toMatchObject({ jid: bob.jid });
    }
    await alice.omemo.settle();
    const published = world.server.log.slice(from).filter(({ stanza }) => isPublishTo(DEVICES)(stanza));
    expect(published).toEqual([]);
    expect((await alice.omemo.devices(bob.jid)).map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
    expect((await alice.omemo.devices()).map(({ deviceId }) => deviceId)).toEqual([alice.omemo.deviceId]);
  });

  test('of more than 128 devices are refused, and the one that was known stays in use (S60)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.say(bob.jid, 'one');
    const most = Array.from({ length: 128 }, (_, index) => index + 1);
    const flood = deviceListEvent(bob.jid, [...most, 129]);
    expect(await alice.omemo.receive(flood)).toMatchObject({ type: 'invalid', cause: { code: expect.any(String) } });
    await bob.connection.transport.publish({
      node: DEVICES,
      item: { id: 'current', payload: deviceList([...most, 129]) },
    });
    await world.quiet();
    const sent = await alice.say(bob.jid, 'two');
    expect(sent.devices.map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
    expect(await alice.omemo.receive(deviceListEvent(bob.jid, most))).toMatchObject({ type: 'device-list' });
  });
});
