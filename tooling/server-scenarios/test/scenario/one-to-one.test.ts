import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { befriend } from '../../src/friends.ts';

describeEachServer('two accounts with two devices each', (server) => {
  test('read everything on each device, with copies of what the own account wrote (R47)', async () => {
    const [phone, desk] = [
      await Device.online(server, { resource: 'phone' }),
      await Device.online(server, { resource: 'desk' }),
    ];
    await befriend(phone, desk);
    // Each second device is told of to all that are there, by a push of the list.
    const lists: string[] = [];
    for (const device of [phone, desk]) device.omemo.on('device-list', ({ jid }) => lists.push(`${device.jid} ${jid}`));
    const tablet = await Device.online(server, { account: phone.account, resource: 'tablet' });
    const laptop = await Device.online(server, { account: desk.account, resource: 'laptop' });
    for (const [at, of] of [
      [phone, tablet],
      [desk, tablet],
      [phone, laptop],
      [desk, laptop],
    ] as const) {
      await eventually(() => lists).toContain(`${at.jid} ${of.jid}`);
    }

    await phone.say(desk.jid, 'from the phone');
    const everybodyElse = [tablet, desk, laptop];
    await eventually(() => everybodyElse.map(({ texts }) => texts)).toEqual(
      everybodyElse.map(() => ['from the phone']),
    );
    const [copied] = tablet.messages;
    expect(copied?.stanza).toMatchObject({ via: 'carbon', to: desk.jid });
    expect(copied?.sender).toMatchObject({ jid: phone.jid, deviceId: phone.omemo.deviceId });

    await laptop.say(phone.jid, 'from the laptop');
    await tablet.say(desk.jid, 'from the tablet');
    await desk.say(phone.jid, 'from the desk');
    const all = [phone, tablet, desk, laptop];
    const said = ['from the phone', 'from the laptop', 'from the tablet', 'from the desk'];
    const own = ['from the phone', 'from the tablet', 'from the desk', 'from the laptop'];
    await eventually(() => all.map(({ texts }) => [...texts].sort())).toEqual(
      own.map((written) => said.filter((text) => text !== written).sort()),
    );
    for (const device of all) {
      await device.settled();
      // An answer that is owed may be on its way already: whoever sends it waits for the server.
      await eventually(() => device.omemo.outbox()).toEqual([]);
      expect([device.troubles, device.unread]).toEqual([[], []]);
    }
  });

  test('a stranger is written to and answers, without presence subscription (R49)', async () => {
    const [alice, bob] = [await Device.online(server), await Device.online(server)];
    expect(await alice.say(bob.jid, 'hello')).toMatchObject({ delivery: 'accepted' });
    await eventually(() => bob.texts).toEqual(['hello']);
    await bob.say(alice.jid, 'and hello');
    await eventually(() => alice.texts).toEqual(['and hello']);
    expect([alice.troubles, bob.troubles, alice.unread, bob.unread]).toEqual([[], [], [], []]);
  });
});
