import { isPublishTo } from '@omemo-kit/loopback';
import { parseDevices } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body, deviceList } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const DEVICES = 'urn:xmpp:omemo:2:devices';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';
const ALICE = 'alice@example.org';

const entries = (world: World, jid: string) => {
  const item = world.server.node(jid, DEVICES)?.items.get('current');
  return item === undefined ? [] : parseDevices(item, { devicesPerList: 128 });
};
const listed = (world: World, jid: string) => entries(world, jid).map(({ id }) => id);
const bundles = (world: World, jid: string) => [...(world.server.node(jid, BUNDLES)?.items.keys() ?? [])].map(Number);

/** What goes out to the server while `run` lasts: publications and retractions, in order. */
async function written(world: World, run: () => Promise<unknown>) {
  const from = world.server.log.length;
  await run();
  return world.server.log.slice(from).flatMap(({ direction, stanza }) => {
    if (direction !== 'to-server') return [];
    if (isPublishTo(DEVICES)(stanza)) return ['list'];
    if (isPublishTo(BUNDLES)(stanza)) return ['bundle'];
    return stanza.getChild('pubsub')?.getChild('retract') === undefined ? [] : ['retract'];
  });
}

/** The user wants OMEMO on this device after all. */
async function inUseAgain(client: Client): Promise<void> {
  await client.omemo.account.activate();
  await client.omemo.start();
}

describe('deactivation (R119)', () => {
  test('takes the device off the list, then its bundle away; the other device stays (R119, X49)', async () => {
    const world = new World();
    const [phone, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    expect(await written(world, () => phone.omemo.account.deactivate())).toEqual(['list', 'retract']);
    expect(listed(world, ALICE)).toEqual([laptop.omemo.deviceId]);
    expect(bundles(world, ALICE)).toEqual([laptop.omemo.deviceId]);
    expect(await phone.omemo.account.standing()).toBe('deactivated');
  });

  test('publishes nothing afterwards, whatever comes, also after a restart and in another process (R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const other = await world.client(`${ALICE}/other-process`, { memory: alice.memory });
    await alice.omemo.account.deactivate();
    const after = await written(world, async () => {
      const payload = deviceList([77]);
      await bob.connection.transport.fetch({ jid: ALICE, node: DEVICES });
      await alice.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
      await world.calm();
      await alice.omemo.rotateSignedPreKey();
      await alice.omemo.account.setLabel('not to be seen');
      await alice.omemo.settle();
      await other.omemo.settle();
      await alice.crash();
      await alice.omemo.settle();
    });
    // The one is the test's own.
    expect(after).toEqual(['list']);
    expect(listed(world, ALICE)).toEqual([77]);
    await expect(alice.say(bob.jid, 'still there?')).rejects.toMatchObject({ code: 'deactivated' });
  });

  test('others stop encrypting for it; what is under way can be read; activated it is back with its sessions (R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const { deviceId } = alice.omemo;
    alice.connection.disconnect();
    await bob.say(ALICE, 'under way');
    alice.connection.reconnect();
    await alice.omemo.account.deactivate();
    await world.calm();
    expect(alice.texts).toEqual(['under way']);
    await expect(bob.say(ALICE, 'nobody there')).rejects.toMatchObject({ code: 'no-devices' });
    await inUseAgain(alice);
    await world.calm();
    expect([alice.omemo.deviceId, ...listed(world, ALICE), ...bundles(world, ALICE)]).toEqual(Array(3).fill(deviceId));
    await bob.say(ALICE, 'back');
    await alice.say(bob.jid, 'again');
    await world.calm();
    expect([alice.texts.at(-1), bob.texts.at(-1)]).toEqual(['back', 'again']);
    expect(world.keys(bob, alice).at(-1)!.keyExchange).toBe(false);
  });

  test('without a connection holds at once and is done by the next settle, also after a crash (R119)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    alice.connection.disconnect();
    await expect(alice.omemo.account.deactivate()).rejects.toMatchObject({ condition: 'disconnected' });
    expect(await alice.omemo.account.standing()).toBe('withdrawing');
    await alice.crash();
    alice.connection.reconnect();
    expect(await alice.omemo.settle()).toEqual([]);
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[], []]);
    expect(await alice.omemo.account.standing()).toBe('deactivated');
  });

  test('another process that was publishing meanwhile takes it back (R119)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    const other = await world.client(`${ALICE}/other-process`, { memory: alice.memory });
    await other.omemo.settle();
    await other.omemo.rotateSignedPreKey();
    const hold = world.server.faults.hold({ jid: other.connection.jid, matches: isPublishTo(BUNDLES) });
    const settling = other.omemo.settle();
    while (hold.stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await alice.omemo.account.deactivate();
    hold.stop();
    hold.release();
    await settling;
    await world.calm();
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[], []]);
    expect(await alice.omemo.account.standing()).toBe('deactivated');
  });

  test('lets nothing encrypted out any more: what was queued waits, empty messages too, until it is in use again (R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await bob.say(ALICE, 'an answer is owed');
    await world.quiet();
    alice.connection.disconnect();
    expect(await alice.say(bob.jid, 'queued', 'm1')).toMatchObject({ delivery: 'queued' });
    alice.connection.reconnect();
    await alice.omemo.account.deactivate();
    const before = alice.memory.snapshot();
    const empty = { jid: bob.jid, deviceId: bob.omemo.deviceId };
    await expect(alice.omemo.encryptEmpty(empty)).rejects.toMatchObject({ code: 'deactivated' });
    expect([await alice.omemo.flush(), await alice.omemo.resend(['m1']), await alice.omemo.settle()]).toEqual([
      0,
      0,
      [],
    ]);
    await world.calm();
    expect(world.keys(alice, bob)).toEqual([]);
    // No key was spent on it either.
    expect(alice.memory.snapshot()).toEqual(before);
    expect(await alice.omemo.outbox()).toMatchObject([{ id: 'm1', held: 'deactivated' }]);
    await inUseAgain(alice);
    await world.calm();
    expect([bob.texts, await alice.omemo.outbox()]).toEqual([['queued'], []]);
  });

  test('while a message waits to leave keeps it here: its sender is told (R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    // A new process compares the store with what is published before anything leaves it (S28).
    await alice.crash();
    const other = await world.client(`${ALICE}/other-process`, { memory: alice.memory });
    const matches = (stanza: Element) => stanza.attrs['type'] === 'get' && stanza.toString().includes(BUNDLES);
    const hold = world.server.faults.hold({ jid: alice.connection.jid, direction: 'to-server', matches });
    const sending = alice.say(bob.jid, 'too late', 'm1');
    while (hold.stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await other.omemo.account.deactivate();
    hold.stop();
    hold.release();
    expect(await sending).toMatchObject({ delivery: 'queued', held: 'deactivated', cause: { code: 'deactivated' } });
    await world.quiet();
    expect(bob.texts).toEqual([]);
  });

  test('while another process is about to pay an empty message keeps it from being made (R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const other = await world.client(`${ALICE}/other-process`, { memory: alice.memory });
    await other.omemo.settle();
    await alice.omemo.replaceSessions({ jid: bob.jid });
    const matches = (stanza: Element) => stanza.attrs['to'] === bob.jid && stanza.toString().includes(BUNDLES);
    const hold = world.server.faults.hold({ jid: other.connection.jid, direction: 'to-server', matches });
    const settling = other.omemo.settle();
    while (hold.stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const sent = world.spent.emitted.length;
    await alice.omemo.account.deactivate();
    hold.stop();
    hold.release();
    await settling;
    await world.calm();
    expect([world.spent.emitted.length - sent, await other.omemo.outbox()]).toEqual([0, []]);
    // It is owed still.
    await inUseAgain(alice);
    await world.calm();
    expect(bob.types.filter((type) => type === 'empty')).toHaveLength(1);
  });

  test('is not undone by a crash between its requests and a start, which finishes it (R119)', async () => {
    for (const requests of [0, 1, 2, 3, 4]) {
      const world = new World();
      const [phone, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
      const left = [laptop.omemo.deviceId];
      const lost = world.server.faults.drop({
        ...{ jid: phone.connection.jid, direction: 'to-server', skip: requests },
        matches: (stanza) => stanza.is('iq'),
      });
      await phone.omemo.account.deactivate().catch((error) => expect(error).toMatchObject({ condition: 'timeout' }));
      await phone.crash();
      lost.stop();
      for (const connection of ['the first', 'the next one']) {
        await phone.omemo.start();
        await world.calm();
        expect([requests, connection, listed(world, ALICE), bundles(world, ALICE)]).toEqual([
          ...[requests, connection],
          ...[left, left],
        ]);
        expect(await phone.omemo.account.standing()).toBe('deactivated');
      }
    }
  });

  test('is finished by the next start where another process published over it and died (R119)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    const { deviceId } = alice.omemo;
    const bundle = world.server.node(ALICE, BUNDLES)!.items.get(String(deviceId))!;
    await alice.omemo.account.deactivate();
    // Its publications arrive, and it does not live to look whether the device is still in use.
    const { transport } = (await world.client(`${ALICE}/other-process`, { memory: alice.memory })).connection;
    alice.connection.disconnect();
    await transport.publish({ node: BUNDLES, item: { id: String(deviceId), payload: bundle } });
    await transport.publish({ node: DEVICES, item: { id: 'current', payload: deviceList([77, deviceId]) } });
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[77, deviceId], [deviceId]]);
    await alice.crash();
    alice.connection.reconnect();
    await alice.omemo.start();
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[77], []]);
    expect(await alice.omemo.account.standing()).toBe('deactivated');
  });

  test('is finished as soon as an event shows the device on the list again (R119)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.omemo.account.deactivate();
    await bob.connection.transport.fetch({ jid: ALICE, node: DEVICES });
    const payload = deviceList([77, alice.omemo.deviceId]);
    await alice.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
    await world.calm();
    expect([listed(world, ALICE), await alice.omemo.account.standing()]).toEqual([[77], 'deactivated']);
  });

  test('in the midst of a start keeps what that was about to publish from being published (R119)', async () => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`);
    const other = await world.client(`${ALICE}/other-process`, { memory: alice.memory });
    await other.omemo.start();
    await alice.omemo.rotateSignedPreKey();
    const hold = world.server.faults.hold({ jid: alice.connection.jid, matches: (stanza) => stanza.is('iq') });
    const starting = alice.omemo.start();
    while (hold.stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await other.omemo.account.deactivate();
    const publications = written(world, async () => {
      hold.stop();
      hold.release();
      await starting;
    });
    expect((await publications).filter((one) => one !== 'retract')).toEqual([]);
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[], []]);
  });

  test('ends with activate: the bundle is published, then the list, by whichever upkeep comes first (R119, X05)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    await alice.omemo.account.deactivate();
    await alice.omemo.account.activate();
    const publications = await written(world, async () => {
      expect(await alice.omemo.settle()).toEqual([]);
    });
    expect(publications).toEqual(['bundle', 'list']);
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[alice.omemo.deviceId], [alice.omemo.deviceId]]);
  });

  test('under way when the user activates the device again takes nothing away for good (R119)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    const { deviceId } = alice.omemo;
    const retracts = (stanza: Element) => stanza.getChild('pubsub')?.getChild('retract') !== undefined;
    const hold = world.server.faults.hold({ jid: alice.connection.jid, direction: 'to-server', matches: retracts });
    const deactivating = alice.omemo.account.deactivate();
    while (hold.stanzas.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await inUseAgain(alice);
    hold.stop();
    hold.release();
    await deactivating;
    await world.calm();
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[deviceId], [deviceId]]);
    expect(await alice.omemo.account.standing()).toBe('active');
  });

  test('of a device that was never announced writes nothing', async () => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`);
    expect(await written(world, () => alice.omemo.account.deactivate())).toEqual([]);
    expect(await alice.omemo.account.standing()).toBe('deactivated');
  });
});

describe('removal of other own devices', () => {
  test('takes them off the list first, then their bundles away, and keeps the rest (X49)', async () => {
    const world = new World();
    const [phone, lost, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/lost`, `${ALICE}/laptop`);
    lost.connection.disconnect();
    const gone = lost.omemo.deviceId;
    expect(await written(world, () => phone.omemo.account.removeDevices([gone, gone]))).toEqual(['list', 'retract']);
    const left = [phone.omemo.deviceId, laptop.omemo.deviceId];
    expect([listed(world, ALICE), bundles(world, ALICE).sort()]).toEqual([left, [...left].sort()]);
    const sent = await phone.say(ALICE, 'a note to myself');
    expect(sent.devices).toEqual([{ jid: ALICE, deviceId: laptop.omemo.deviceId }]);
  });

  test('refuses this device and what is no id, with nothing changed', async () => {
    const world = new World();
    const [phone] = await world.started(`${ALICE}/phone`);
    for (const ids of [[phone.omemo.deviceId], [-1], [1.5], [2 ** 32]]) {
      await expect(phone.omemo.account.removeDevices(ids)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    expect(listed(world, ALICE)).toEqual([phone.omemo.deviceId]);
  });

  test('one that is in use puts itself back (R58)', async () => {
    const world = new World();
    const [phone, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    await phone.omemo.account.removeDevices([laptop.omemo.deviceId]);
    await world.calm();
    expect(listed(world, ALICE)).toEqual([phone.omemo.deviceId, laptop.omemo.deviceId]);
  });
});

describe('a device list of the own account that cannot be used (S60)', () => {
  /** What another client of the account, or the server, put there. */
  const put = async (world: World, payload: Element) => {
    const { transport } = world.server.connect(`${ALICE}/other`);
    await transport.publish({ node: DEVICES, item: { id: 'current', payload } });
    await world.quiet();
  };
  const many = (count: number) => deviceList(Array.from({ length: count }, (_, index) => index + 1));

  test.each(['more devices than are considered', 'no list at all'])(
    '%s: start tells, calls say so, and replaceDeviceList puts this device alone on it (S60)',
    async (what) => {
      const world = new World();
      const [alice, bob] = await world.acquainted();
      await put(world, what === 'no list at all' ? body('no list') : many(129));
      const failures: unknown[] = [];
      alice.omemo.on('settle-failed', (failed) => failures.push(...failed));
      const unusable = { code: 'own-list-unusable', details: { reason: 'unreadable' } };
      await alice.omemo.account.setLabel('Phone');
      await alice.omemo.start();
      expect(failures).toMatchObject([{ debt: 'device-list', cause: unusable }]);
      await expect(alice.omemo.account.removeDevices([1])).rejects.toMatchObject(unusable);
      await bob.say(ALICE, 'still read');
      await alice.say(bob.jid, 'still written');
      await world.quiet();
      expect([alice.texts, bob.texts]).toEqual([['still read'], ['still written']]);
      await alice.omemo.account.replaceDeviceList();
      expect(entries(world, ALICE)).toMatchObject([{ id: alice.omemo.deviceId, label: 'Phone' }]);
      await alice.omemo.start();
      expect(failures).toHaveLength(1);
      await bob.say(ALICE, 'to the only device');
      await world.calm();
      expect(alice.texts).toEqual(['still read', 'to the only device']);
    },
  );

  test('met by a new device: it starts, publishes its bundle, and is on the list once that is replaced (S60)', async () => {
    const world = new World();
    const [old, bob] = await world.pair();
    await put(world, many(129));
    const alice = await world.client(`${ALICE}/new`);
    await alice.omemo.start();
    await expect(alice.say(bob.jid, 'not yet')).rejects.toMatchObject({
      code: 'device-list-unavailable',
      cause: { code: 'own-list-unusable' },
    });
    await alice.omemo.account.replaceDeviceList();
    await alice.say(bob.jid, 'now');
    await world.calm();
    expect(bob.texts).toEqual(['now']);
    // The one that is still in use has put itself back (R58).
    expect(listed(world, ALICE).sort()).toEqual([alice.omemo.deviceId, old.omemo.deviceId].sort());
  });

  test('full: this device does not make it one that nobody reads any more, and is on it once there is room (S60)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    await put(world, many(128));
    const failures: unknown[] = [];
    alice.omemo.on('settle-failed', (failed) => failures.push(...failed));
    await alice.omemo.account.setLabel('Phone');
    expect(await written(world, () => alice.omemo.start())).not.toContain('list');
    expect(failures).toMatchObject([{ cause: { code: 'own-list-unusable', details: { reason: 'full' } } }]);
    expect(listed(world, ALICE)).toHaveLength(128);
    await alice.omemo.account.removeDevices([1]);
    await alice.omemo.start();
    expect(listed(world, ALICE)).toHaveLength(128);
    expect(listed(world, ALICE)).toContain(alice.omemo.deviceId);
  });

  test('of a device that is deactivated: it stays so, and replaceDeviceList leaves an empty list (R119, S60)', async () => {
    const world = new World();
    const [alice] = await world.pair();
    await put(world, many(129));
    await expect(alice.omemo.account.deactivate()).rejects.toMatchObject({ code: 'own-list-unusable' });
    expect(await alice.omemo.account.standing()).toBe('withdrawing');
    await alice.omemo.account.replaceDeviceList();
    expect([listed(world, ALICE), bundles(world, ALICE)]).toEqual([[], []]);
    expect(await alice.omemo.account.standing()).toBe('deactivated');
  });

  test('is not needed to replace one: a list that is as it is to be is not published again', async () => {
    const world = new World();
    const [phone, laptop] = await world.started(`${ALICE}/phone`, `${ALICE}/laptop`);
    laptop.connection.disconnect();
    expect(await written(world, () => phone.omemo.account.replaceDeviceList())).toEqual(['list']);
    expect(listed(world, ALICE)).toEqual([phone.omemo.deviceId]);
    expect(await written(world, () => phone.omemo.account.replaceDeviceList())).toEqual([]);
  });
});

describe('labels', () => {
  test('are not published unless asked for, with a signature then, and taken away again (R52, R54, X38)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    expect(entries(world, ALICE)[0]).toEqual({ id: alice.omemo.deviceId });
    await alice.omemo.account.setLabel('Büro 🦆');
    await world.calm();
    expect(entries(world, ALICE)[0]).toMatchObject({ label: 'Büro 🦆', labelSignature: expect.any(Uint8Array) });
    expect(await bob.omemo.devices(ALICE, { refresh: 'always' })).toMatchObject([{ label: 'Büro 🦆' }]);
    await alice.omemo.account.setLabel(undefined);
    await world.calm();
    expect(entries(world, ALICE)[0]).toEqual({ id: alice.omemo.deviceId });
  });

  test.each([
    ['more than 53 code points (R53)', '🦆'.repeat(54)],
    ['exactly 32 bytes (S08)', 'é'.repeat(16)],
    ['nothing', ''],
    ['a control character', 'a\u0007b'],
    ['half a character', '\ud83e'],
  ])('of %s are refused, with nothing changed', async (_, label) => {
    const world = new World();
    const alice = await world.client(`${ALICE}/phone`);
    const before = alice.memory.snapshot();
    await expect(alice.omemo.account.setLabel(label)).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(alice.memory.snapshot()).toEqual(before);
    const fresh = world.client(`${ALICE}/other`, { device: { label } });
    await expect(fresh).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('that another device of the account lost or put back are published again', async () => {
    const world = new World();
    const [alice] = await world.pair();
    await alice.omemo.account.setLabel('mine');
    await world.calm();
    const payload = deviceList([alice.omemo.deviceId]);
    await alice.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
    await world.calm();
    expect(entries(world, ALICE)[0]?.label).toBe('mine');
  });

  test('are shown only with a valid signature of the identity key, and never before that is known (R55, S59)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.omemo.account.setLabel('phone \u202egnp.exe');
    await world.calm();
    const shown = async () => (await bob.omemo.devices(ALICE, { refresh: 'always' }))[0]?.label;
    // Direction marks are of no use in a name but to deceive.
    expect(await shown()).toBe('phone gnp.exe');
    const [entry] = world.server.node(ALICE, DEVICES)!.items.get('current')!.getChildElements();
    for (const change of [
      () => entry!.attr('label', 'another'),
      () => entry!.attr('labelsig', Buffer.alloc(64).toString('base64')),
      () => entry!.attr('labelsig', undefined),
    ]) {
      change();
      const payload = deviceList([]);
      payload.cnode(entry!);
      alice.deaf();
      await alice.connection.transport.publish({ node: DEVICES, item: { id: 'current', payload } });
      expect(await shown()).toBeUndefined();
    }
  });
});
