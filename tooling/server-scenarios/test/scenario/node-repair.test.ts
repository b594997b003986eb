import { NODE_BUNDLES, NODE_DEVICES, NS_OMEMO } from '@omemo-kit/omemo-wire';
import { xml } from '@omemo-kit/transport-stanzas';
import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { OtherClient } from '../../src/other-client.ts';

const WRONG = { 'pubsub#access_model': 'whitelist', 'pubsub#max_items': '1' };
const OTHER_IDS = [101, 102, 103];

describeEachServer('nodes that another client left wrong', (server) => {
  /** As a client leaves them that keeps its list to itself and knows of one device only. */
  const leaveWrong = async (other: OtherClient) => {
    const devices = xml('devices', { xmlns: NS_OMEMO }, ...OTHER_IDS.map((id) => xml('device', { id: String(id) })));
    await other.transport.publish({ node: NODE_DEVICES, item: { id: 'current', payload: devices } });
    await other.transport.publish({
      node: NODE_BUNDLES,
      item: { id: '101', payload: xml('bundle', { xmlns: NS_OMEMO }) },
    });
    for (const node of [NODE_DEVICES, NODE_BUNDLES]) await other.transport.configure({ node, options: WRONG });
  };

  test('are open and wide when the device is announced, with what was there and all bundles (R51, R65, R66, R67, R68, S54, S55)', async () => {
    const account = server.freshAccount();
    const other = await OtherClient.online(server, account);
    await leaveWrong(other);
    const stranger = await OtherClient.online(server, server.freshAccount());
    await expect(stranger.transport.fetch({ jid: account.jid, node: NODE_DEVICES })).rejects.toMatchObject({
      name: 'TransportError',
    });

    const phone = await Device.online(server, { account, resource: 'phone' });
    const desk = await Device.online(server, { account, resource: 'desk' });
    const own = [phone, desk].map(({ omemo }) => omemo.deviceId);
    for (const node of [NODE_DEVICES, NODE_BUNDLES]) {
      expect((await other.configuration(node))['pubsub#access_model']).toBe('open');
    }
    const most = (await other.configuration(NODE_BUNDLES))['pubsub#max_items'] ?? '';
    expect(most === 'max' || Number(most) >= 100).toBe(true);
    expect(await stranger.bundles(account.jid)).toEqual([101, ...own].sort());
    expect(await stranger.listedDevices(account.jid)).toEqual([...OTHER_IDS, ...own].sort());
    expect([...phone.troubles, ...desk.troubles]).toEqual([]);

    // And strangers reach both.
    const bob = await Device.online(server);
    await bob.say(account.jid, 'to both');
    await eventually(() => [phone.texts, desk.texts]).toEqual([['to both'], ['to both']]);
  });

  test('are set right by start, with the next connection of a device that has nothing to publish (R51, R68, S54)', async () => {
    const phone = await Device.online(server, { resource: 'phone' });
    const other = await OtherClient.online(server, phone.account);
    const stranger = await OtherClient.online(server, server.freshAccount());
    await phone.leave();
    const published = async () => {
      const items = [...(await other.items(NODE_DEVICES)), ...(await other.items(NODE_BUNDLES))];
      return items.map(({ id, payload }) => [id, payload.toString()]);
    };
    const before = await published();
    for (const node of [NODE_DEVICES, NODE_BUNDLES]) await other.transport.configure({ node, options: WRONG });
    await expect(stranger.transport.fetch({ jid: phone.jid, node: NODE_BUNDLES })).rejects.toMatchObject({
      name: 'TransportError',
    });

    const back = await phone.comeBack();
    for (const node of [NODE_DEVICES, NODE_BUNDLES]) {
      expect((await other.configuration(node))['pubsub#access_model']).toBe('open');
    }
    const most = (await other.configuration(NODE_BUNDLES))['pubsub#max_items'] ?? '';
    expect(most === 'max' || Number(most) >= 100).toBe(true);
    expect(await published()).toEqual(before);
    expect(await stranger.bundles(phone.jid)).toEqual([back.omemo.deviceId]);
    expect(back.troubles).toEqual([]);
    const bob = await Device.online(server);
    await bob.say(phone.jid, 'are you there?');
    await eventually(() => back.texts).toEqual(['are you there?']);
  });

  test('are set right by start, and a bundle that a node for one item has lost is back (R51, R66, R68, S54, S55)', async () => {
    const phone = await Device.online(server, { resource: 'phone' });
    const desk = await Device.online(server, { account: phone.account, resource: 'desk' });
    const own = [phone, desk].map(({ omemo }) => omemo.deviceId).sort();
    const other = await OtherClient.online(server, phone.account);
    await phone.leave();
    await desk.leave();
    for (const node of [NODE_DEVICES, NODE_BUNDLES]) await other.transport.configure({ node, options: WRONG });
    // ejabberd forgets what is too much with the next item only.
    const theirs = { id: '101', payload: xml('bundle', { xmlns: NS_OMEMO }) };
    await other.transport.publish({ node: NODE_BUNDLES, item: theirs });
    expect(await other.bundles()).toEqual([101]);
    const back = [await phone.comeBack(), await desk.comeBack()];
    for (const node of [NODE_DEVICES, NODE_BUNDLES]) {
      expect((await other.configuration(node))['pubsub#access_model']).toBe('open');
    }
    expect([await other.bundles(), await other.listedDevices()]).toEqual([[101, ...own].sort(), own]);
    expect(back.flatMap(({ troubles }) => troubles)).toEqual([]);
  });
});
