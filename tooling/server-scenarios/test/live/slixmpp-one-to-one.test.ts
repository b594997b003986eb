import { Ejabberd, Prosody, SlixmppClient } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { strangers, talkInTurns } from '../../src/peer-chat.ts';
import { RealServerUnderTest, ServerProcess } from '../../src/real-server-under-test.ts';

const SOFTWARE = { prosody: Prosody, ejabberd: Ejabberd } as const;

for (const software of ['prosody', 'ejabberd'] as const) {
  describePeer([software, 'slixmpp'], `a client on slixmpp and python-omemo, over ${software}`, () => {
    const process = new ServerProcess({
      software,
      accounts: 8,
      start: (accounts) => SOFTWARE[software].start({ accounts }),
    });
    beforeAll(() => process.start());
    afterAll(() => process.close());

    describe.each(['TCP', 'WebSocket'] as const)('ours over %s', (wire) => {
      test('is written to first: it reads, answers the key exchange, and both go on', async () => {
        const { ours, theirs } = await strangers(new RealServerUnderTest(process, wire), SlixmppClient.start);
        await ours.say(theirs.jid, 'hello');
        expect(await theirs.next('message')).toMatchObject({ body: 'hello', sender: ours.jid });
        const [device] = await ours.omemo.devices(theirs.jid);
        expect(device).toMatchObject({ deviceId: theirs.deviceId });
        await talkInTurns(ours, theirs, 5);
      });

      test('writes first: we read, answer the key exchange, and both go on', async () => {
        const { ours, theirs } = await strangers(new RealServerUnderTest(process, wire), SlixmppClient.start);
        await theirs.send({ to: ours.jid, body: 'hello' });
        await eventually(() => ours.texts).toEqual(['hello']);
        expect(ours.messages[0]?.sender).toMatchObject({ jid: theirs.jid, deviceId: theirs.deviceId });
        expect(await theirs.next('empty')).toMatchObject({ sender: ours.jid });
        await talkInTurns(ours, theirs, 5);
      });
    });
  });
}

describePeer(['prosody', 'slixmpp'], 'a client on slixmpp and python-omemo, several devices', () => {
  const process = new ServerProcess({
    software: 'prosody',
    accounts: 8,
    start: (accounts) => Prosody.start({ accounts }),
  });
  beforeAll(() => process.start());
  afterAll(() => process.close());

  test('is written to by two devices of ours, one after the other, and what it writes is read by both', async () => {
    const { ours, theirs, server } = await strangers(new RealServerUnderTest(process, 'TCP'), SlixmppClient.start);
    const tablet = await Device.online(server, { account: ours.account, resource: 'tablet' });
    await ours.say(theirs.jid, 'from the desk');
    await tablet.say(theirs.jid, 'from the tablet');
    expect([(await theirs.next('message')).body, (await theirs.next('message')).body]).toEqual([
      'from the desk',
      'from the tablet',
    ]);
    await eventually(() => [ours.texts, tablet.texts]).toEqual([['from the tablet'], ['from the desk']]);
    await theirs.send({ to: ours.jid, body: 'to both' });
    await eventually(() => [ours.texts.at(-1), tablet.texts.at(-1)]).toEqual(['to both', 'to both']);
  });

  test('writes while we are offline: we read it from the archive', async () => {
    const { ours, theirs } = await strangers(new RealServerUnderTest(process, 'TCP'), SlixmppClient.start);
    await talkInTurns(ours, theirs, 1);
    await ours.leave();
    await theirs.send({ to: ours.jid, body: 'while you were away' });
    const back = await ours.comeBack();
    await eventually(() => back.texts).toEqual(['while you were away']);
    await talkInTurns(back, theirs, 1);
  });
});
