import { isEventOf, isFetchOf, isPublishTo } from '@omemo-kit/loopback';
import { describe, expect, test } from 'vitest';
import { deviceList, deviceListEvent } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const DEVICES = 'urn:xmpp:omemo:2:devices';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';

const listed = (world: World, jid: string) =>
  (world.server.node(jid, DEVICES)?.items.get('current')?.getChildElements() ?? []).map((device) =>
    Number(device.attrs['id']),
  );

describe('devices', () => {
  test('added later read from then on, on both sides', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const tablet = await world.client('bob@example.net/tablet');
    await tablet.omemo.start();
    const laptop = await world.client('alice@example.org/laptop');
    await laptop.omemo.start();
    await world.calm();
    await alice.say(bob.jid, 'to all of you');
    await world.calm();
    expect([bob.texts, tablet.texts, laptop.texts]).toEqual(Array(3).fill(['to all of you']));
    await tablet.say(alice.jid, 'from the new one');
    await world.calm();
    expect([alice.texts, bob.texts.at(-1)]).toEqual([['from the new one'], 'from the new one']);
  });

  test('taken off the list get no key any more', async () => {
    const world = new World();
    const [alice, bob, tablet] = await world.started(
      'alice@example.org/phone',
      'bob@example.net/desk',
      'bob@example.net/tablet',
    );
    await alice.say(bob.jid, 'one');
    tablet.connection.disconnect();
    const item = { id: 'current', payload: deviceList([bob.omemo.deviceId]) };
    await bob.connection.transport.publish({ node: DEVICES, item });
    await world.quiet();
    const sent = await alice.say(bob.jid, 'two');
    expect(sent.devices.map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
  });

  test('an own device that somebody took off the list announces itself again, keeping the others', async () => {
    const world = new World();
    const [phone, laptop] = await world.started('alice@example.org/phone', 'alice@example.org/laptop');
    const payload = deviceList([laptop.omemo.deviceId, 77]);
    await laptop.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
    await world.calm();
    expect(listed(world, phone.jid).sort()).toEqual([phone.omemo.deviceId, laptop.omemo.deviceId, 77].sort());
  });

  test('taken off the list again and again do not publish without end (S53)', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', {
      upkeep: 'automatic',
      clock: () => 1_700_000_000_000,
    });
    await alice.omemo.start();
    const hostile = world.server.connect('alice@example.org/hostile');
    let removals = 0;
    hostile.onStanza((stanza) => {
      if (!isEventOf(DEVICES)(stanza) || removals >= 60) return undefined;
      if (
        !stanza.toString().includes(`'${alice.omemo.deviceId}'`) &&
        !stanza.toString().includes(`"${alice.omemo.deviceId}"`)
      )
        return undefined;
      removals++;
      const payload = deviceList([77]);
      return hostile.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
    });
    const from = world.server.log.length;
    await hostile.transport.publish({
      node: DEVICES,
      item: { id: 'current', payload: deviceList([77]) },
    });
    for (let round = 0; round < 20; round++) {
      await world.quiet();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const published = world.server.log
      .slice(from)
      .filter(
        ({ direction, jid, stanza }) =>
          direction === 'to-server' && jid === alice.connection.jid && isPublishTo(DEVICES)(stanza),
      );
    // The clock stands still: all of this is one minute.
    expect(published.length).toBeLessThanOrEqual(5);
    await alice.omemo.close();
  });

  test('that wrote without being listed are flagged, and the list is fetched again', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    let now = Date.now();
    await alice.crash({ clock: () => now });
    const quiet = await world.client('bob@example.net/quiet');
    await quiet.omemo.settle();
    const payload = deviceList([bob.omemo.deviceId]);
    await bob.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
    await world.quiet();
    await alice.omemo.settle();
    alice.results.length = 0;
    // A list that was fetched a moment ago is not asked for again.
    now += 3_600_000;
    const from = world.server.log.length;
    await quiet.say(alice.jid, 'psst');
    await world.quiet();
    expect(alice.results.find(({ type }) => type === 'message')).toMatchObject({
      sender: { deviceId: quiet.omemo.deviceId, listed: false },
    });
    await alice.omemo.settle();
    const fetches = world.server.log
      .slice(from)
      .filter(
        ({ direction, jid, stanza }) =>
          direction === 'to-server' && jid === alice.connection.jid && isFetchOf(DEVICES)(stanza),
      );
    expect(fetches).toHaveLength(1);
    const sent = await alice.say(bob.jid, 'to the listed one');
    expect(sent.devices.map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
  });

  test('of an account without OMEMO: nobody to send to', async () => {
    const world = new World();
    const [alice] = await world.pair();
    world.server.register('carol@example.org');
    await expect(alice.say('carol@example.org', 'x')).rejects.toMatchObject({ code: 'no-devices' });
  });

  test('of an account that cannot be asked now: try again later', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone');
    const bob = await world.client('bob@example.net/desk', { connect: { notify: [] } });
    await bob.omemo.start();
    await alice.omemo.start();
    const carol = 'carol@example.org';
    world.server.register(carol);
    const fault = world.server.faults.drop({ jid: alice.jid, matches: isFetchOf(DEVICES) });
    await expect(alice.say(carol, 'x')).rejects.toMatchObject({
      code: 'device-list-unavailable',
      details: { jid: carol },
    });
    fault.stop();
    await expect(alice.say(carol, 'x')).rejects.toMatchObject({ code: 'no-devices' });
  });

  test('events from another JID do not touch our list or a contact’s (S49)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const forged = deviceListEvent('mallory@example.com', [1, 2, 3]);
    await alice.omemo.receive(forged);
    const sent = await alice.say(bob.jid, 'only Bob');
    expect(sent.devices.map(({ deviceId }) => deviceId)).toEqual([bob.omemo.deviceId]);
    expect(listed(world, alice.jid)).toEqual([alice.omemo.deviceId]);
  });
});

describe('publication', () => {
  test('the bundle comes before the device list', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone');
    await alice.omemo.start();
    const publications = world.server.log.flatMap(({ direction, stanza }) =>
      direction === 'to-server' ? [BUNDLES, DEVICES].filter((node) => isPublishTo(node)(stanza)) : [],
    );
    expect(publications).toEqual([BUNDLES, DEVICES]);
    expect(world.server.node(alice.jid, BUNDLES)!.options).toMatchObject({ 'pubsub#access_model': 'open' });
    expect(world.server.node(alice.jid, DEVICES)!.options).toMatchObject({ 'pubsub#access_model': 'open' });
  });

  test('a bundle that is refused keeps the device off the list, until it can be published', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone');
    const fault = world.server.faults.fail(
      { direction: 'to-server', matches: isPublishTo(BUNDLES) },
      { condition: 'internal-server-error' },
    );
    await expect(alice.omemo.start()).rejects.toMatchObject({ condition: 'internal-server-error' });
    expect(listed(world, alice.jid)).toEqual([]);
    fault.stop();
    await alice.omemo.start();
    expect(listed(world, alice.jid)).toEqual([alice.omemo.deviceId]);
  });

  test('a device id that the account has already is changed before anything is published (R46)', async () => {
    const world = new World();
    const [phone] = await world.started('alice@example.org/phone');
    const { deviceId } = phone.omemo;
    const laptop = await world.client('alice@example.org/laptop', { device: { deviceId } });
    expect(laptop.omemo.deviceId).toBe(deviceId);
    await laptop.omemo.start();
    expect(laptop.omemo.deviceId).not.toBe(deviceId);
    expect(listed(world, phone.jid)).toEqual([deviceId, laptop.omemo.deviceId]);
    const bundle = world.server.node(phone.jid, BUNDLES)!.items.get(String(deviceId))!;
    expect(bundle.getChild('ik')!.text()).toBe(Buffer.from(phone.omemo.identityKey).toString('base64'));
  });

  test('a device id that only an old bundle has is taken too', async () => {
    const world = new World();
    const [phone] = await world.started('alice@example.org/phone');
    const bundle = world.server.node(phone.jid, BUNDLES)!.items.get(String(phone.omemo.deviceId))!;
    world.server.createNode({
      jid: phone.jid,
      node: BUNDLES,
      options: { 'pubsub#access_model': 'open', 'pubsub#max_items': '10' },
      items: [{ id: '4711', payload: bundle }],
    });
    const laptop = await world.client('alice@example.org/laptop', { device: { deviceId: 4711 } });
    await laptop.omemo.start();
    expect(laptop.omemo.deviceId).not.toBe(4711);
  });

  test.each([
    ['refuses max', { refusesMax: true }],
    ['refuses max_items in publish-options', { refusesMaxItemsInPublishOptions: true }],
    ['refuses both', { refusesMax: true, refusesMaxItemsInPublishOptions: true }],
    ['ignores publish-options', { ignoresPublishOptions: true }],
    [
      'ignores publish-options and is closed by default',
      { ignoresPublishOptions: true, defaultAccessModel: 'whitelist' as const },
    ],
    ['sends no event to the publisher', { noEventToPublisher: true }],
    ['holds ten items at most', { maxItems: 10 }],
  ])('a server that %s: two devices are published and can be written to', async (_, quirks) => {
    const world = new World({ quirks });
    const devices = await world.started('alice@example.org/phone', 'alice@example.org/laptop');
    expect(world.server.node('alice@example.org', BUNDLES)!.items.size).toBe(2);
    for (const node of [BUNDLES, DEVICES]) {
      expect(world.server.node('alice@example.org', node)!.options['pubsub#access_model']).toBe('open');
    }
    const bob = await world.client('bob@example.net/desk');
    const sent = await bob.say('alice@example.org', 'hello');
    expect(sent.devices).toHaveLength(2);
    await world.calm();
    expect(devices.map(({ texts }) => texts)).toEqual([['hello'], ['hello']]);
  });

  test.each(['whitelist', 'presence'] as const)(
    'nodes that were %s are opened, and what they hold is kept (S54)',
    async (access) => {
      const world = new World();
      const payload = deviceList([77]);
      const jid = 'alice@example.org';
      world.server.register(jid);
      world.server.createNode({
        jid,
        node: DEVICES,
        options: { 'pubsub#access_model': access },
        items: [{ id: 'current', payload }],
      });
      world.server.createNode({
        jid,
        node: BUNDLES,
        options: { 'pubsub#access_model': access, 'pubsub#max_items': '1' },
      });
      const alice = await world.client(`${jid}/phone`);
      await alice.omemo.start();
      expect(listed(world, jid).sort()).toEqual([77, alice.omemo.deviceId].sort());
      for (const node of [BUNDLES, DEVICES]) {
        expect(world.server.node(jid, node)!.options['pubsub#access_model']).toBe('open');
      }
      expect(world.server.node(jid, BUNDLES)!.options['pubsub#max_items']).not.toBe('1');
    },
  );

  test('a server that keeps one bundle only is noticed (S55)', async () => {
    const world = new World({ quirks: { maxItems: 1 } });
    const phone = await world.client('alice@example.org/phone');
    const laptop = await world.client('alice@example.org/laptop');
    await phone.omemo.start();
    const noticed = await laptop.omemo.start().then(
      () => false,
      () => true,
    );
    const kept = world.server.node('alice@example.org', BUNDLES)!.items;
    expect(kept.size).toBe(1);
    expect(noticed || kept.has(String(phone.omemo.deviceId))).toBe(true);
  });

  test('a server that does not keep the bundle is noticed (S55)', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone');
    world.server.faults.tamper({ direction: 'to-server', matches: isPublishTo(BUNDLES) }, (stanza) => {
      stanza.getChild('pubsub')!.getChild('publish')!.getChild('item')!.attrs['id'] = '1';
    });
    await expect(alice.omemo.start()).rejects.toMatchObject({ code: 'publication-failed' });
    expect(listed(world, alice.jid)).toEqual([]);
  });

  test('the pre-key that was used is published no more, the fresh one is (R90)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const published = () => {
      const bundle = world.server.node(bob.jid, BUNDLES)!.items.get(String(bob.omemo.deviceId))!;
      return bundle
        .getChild('prekeys')!
        .getChildElements()
        .map((pk) => Number(pk.attrs['id']));
    };
    const before = published();
    await alice.say(bob.jid, 'hello');
    await world.calm();
    const after = published();
    expect(after).toHaveLength(before.length);
    expect(before.filter((id) => !after.includes(id))).toHaveLength(1);
    expect(after.filter((id) => !before.includes(id))).toEqual([26]);
  });

  test('nothing is published when nothing changed', async () => {
    const world = new World();
    const [alice] = await world.acquainted();
    await alice.omemo.settle();
    const from = world.server.log.length;
    await alice.omemo.settle();
    await alice.omemo.start();
    const published = world.server.log
      .slice(from)
      .filter(({ stanza }) => isPublishTo(BUNDLES)(stanza) || isPublishTo(DEVICES)(stanza));
    expect(published).toEqual([]);
  });
});
