import { NODE_BUNDLES } from '@omemo-kit/omemo-wire';
import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { befriend } from '../../src/friends.ts';
import { OtherClient } from '../../src/other-client.ts';

describeEachServer('devices of an account', (server) => {
  /** Two friends who have talked, and a client of the first one's account without OMEMO. */
  const setUp = async () => {
    const [alice, bob] = [await Device.online(server), await Device.online(server)];
    await befriend(alice, bob);
    await alice.say(bob.jid, 'hello');
    await eventually(() => bob.texts).toEqual(['hello']);
    const other = await OtherClient.online(server, alice.account);
    return { alice, bob, other };
  };
  const listedAt = async (device: Device, jid: string) =>
    (await device.omemo.devices(jid)).filter(({ listed }) => listed).map(({ deviceId }) => deviceId);

  test('one that is added is pushed to own devices and contacts, and written to at once (R47, R50)', async () => {
    const { alice, bob, other } = await setUp();
    const tablet = await Device.online(server, { account: alice.account, resource: 'tablet' });
    const both = [alice.omemo.deviceId, tablet.omemo.deviceId].sort();
    await eventually(async () => (await listedAt(bob, alice.jid)).sort()).toEqual(both);
    await eventually(async () => (await listedAt(alice, alice.jid)).sort()).toEqual(both);
    expect([await other.listedDevices(), await other.bundles()]).toEqual([both, both]);
    await bob.say(alice.jid, 'to both');
    await eventually(() => [alice.texts, tablet.texts]).toEqual([['to both'], ['to both']]);
  });

  test('one that is removed is not written to any more, and its bundle is gone (X49)', async () => {
    const { alice, bob, other } = await setUp();
    const tablet = await Device.online(server, { account: alice.account, resource: 'tablet' });
    const { deviceId } = tablet.omemo;
    await eventually(() => listedAt(bob, alice.jid)).toContain(deviceId);
    await eventually(() => listedAt(alice, alice.jid)).toContain(deviceId);
    await tablet.leave();
    await alice.omemo.account.removeDevices([deviceId]);
    await eventually(() => listedAt(bob, alice.jid)).toEqual([alice.omemo.deviceId]);
    expect([await other.listedDevices(), await other.bundles()]).toEqual([
      [alice.omemo.deviceId],
      [alice.omemo.deviceId],
    ]);
    await bob.say(alice.jid, 'to one');
    await eventually(() => alice.texts).toEqual(['to one']);
  });

  test('one that another client takes off the list puts itself back, and keeps who is on it (R57, R58)', async () => {
    const { alice, bob, other } = await setUp();
    const { deviceId } = alice.omemo;
    await other.overwriteDevices(4711);
    await eventually(() => other.listedDevices()).toEqual([4711, deviceId].sort());
    await eventually(async () => (await listedAt(bob, alice.jid)).sort()).toEqual([4711, deviceId].sort());
    // A contact fetches bundles of both: the one that is none keeps nobody from reading.
    expect((await other.items(NODE_BUNDLES)).map(({ id }) => Number(id))).toEqual([deviceId]);
    await bob.say(alice.jid, 'still there');
    await eventually(() => alice.texts).toEqual(['still there']);
  });

  test('one that is taken off the list while it is away is back with its next connection (R58)', async () => {
    const { alice, bob, other } = await setUp();
    await alice.leave();
    await other.overwriteDevices();
    await eventually(() => listedAt(bob, alice.jid)).toEqual([]);
    const back = await alice.comeBack();
    await eventually(() => other.listedDevices()).toEqual([back.omemo.deviceId]);
    await eventually(() => listedAt(bob, alice.jid)).toEqual([back.omemo.deviceId]);
    await bob.say(alice.jid, 'welcome back');
    await eventually(() => back.texts).toEqual(['welcome back']);
  });
});
