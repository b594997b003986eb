import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { befriend } from '../../src/friends.ts';
import { OtherClient } from '../../src/other-client.ts';

describeEachServer('deactivation', (server) => {
  test('takes list entry and bundle away, and contacts write to that device no more, until it starts again (R119, X49)', async () => {
    const [alice, bob] = [await Device.online(server), await Device.online(server)];
    await befriend(alice, bob);
    const tablet = await Device.online(server, { account: alice.account, resource: 'tablet' });
    const { deviceId } = alice.omemo;
    const listed = async () =>
      (await bob.omemo.devices(alice.jid)).filter((one) => one.listed).map((one) => one.deviceId);
    await eventually(async () => (await listed()).sort()).toEqual([deviceId, tablet.omemo.deviceId].sort());
    const other = await OtherClient.online(server, alice.account);

    await alice.omemo.account.deactivate();
    await eventually(listed).toEqual([tablet.omemo.deviceId]);
    expect([await other.listedDevices(), await other.bundles()]).toEqual([
      [tablet.omemo.deviceId],
      [tablet.omemo.deviceId],
    ]);
    const { stanza } = await bob.say(alice.jid, 'to the tablet only');
    expect(stanza.toString()).not.toContain(`rid="${deviceId}"`);
    await eventually(() => tablet.texts).toEqual(['to the tablet only']);
    expect(alice.texts).toEqual([]);

    // The last one too: the account has no OMEMO then.
    await tablet.omemo.account.deactivate();
    await eventually(listed).toEqual([]);
    expect([await other.listedDevices(), await other.bundles()]).toEqual([[], []]);
    await expect(bob.say(alice.jid, 'to nobody')).rejects.toMatchObject({ code: 'no-devices' });

    await alice.omemo.account.activate();
    await alice.omemo.start();
    await eventually(listed).toEqual([deviceId]);
    await bob.say(alice.jid, 'back');
    await eventually(() => alice.texts).toEqual(['back']);
  });
});
