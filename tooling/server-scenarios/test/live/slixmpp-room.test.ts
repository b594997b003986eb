import { Prosody, SlixmppClient } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { textBody } from '@omemo-kit/omemo-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { strangers } from '../../src/peer-chat.ts';
import { RealServerUnderTest, ServerProcess } from '../../src/real-server-under-test.ts';
import { nickOf, RoomUnderTest } from '../../src/room-under-test.ts';

describePeer(['prosody', 'slixmpp'], 'a room with clients on slixmpp and python-omemo', () => {
  const process = new ServerProcess({
    software: 'prosody',
    accounts: 8,
    start: (accounts) => Prosody.start({ accounts }),
  });
  beforeAll(() => process.start());
  afterAll(() => process.close());

  test('of ours, and one of theirs that is written to first: everybody reads everybody (R78, R104)', async () => {
    const { ours, theirs, server } = await strangers(new RealServerUnderTest(process, 'TCP'), SlixmppClient.start);
    const other = await Device.online(server);
    const room = await RoomUnderTest.create(server, ours);
    for (const { jid } of [theirs, other]) await room.affiliate(jid, 'member');
    await theirs.join(room.jid, nickOf(theirs));
    await room.enter(other);
    await eventually(() => room.members(ours)).toEqual([ours.jid, other.jid, theirs.jid].sort());

    await room.say(ours, 'from the owner');
    expect(await theirs.next('message')).toMatchObject({ body: 'from the owner', room: room.jid, sender: ours.jid });
    await room.say(other, 'from a member');
    expect(await theirs.next('message')).toMatchObject({ body: 'from a member', sender: other.jid });
    await theirs.sendToRoom(room.jid, 'from python');
    await eventually(() => [ours.texts.at(-1), other.texts.at(-1)]).toEqual(['from python', 'from python']);
    expect(other.messages.at(-1)?.sender).toMatchObject({ jid: theirs.jid, deviceId: theirs.deviceId });
    expect([ours.unread, other.unread, theirs.untaken.filter((name) => name !== 'empty')]).toEqual([[], [], []]);
  });

  test('of theirs, which they write to before they met us: we read, and they read our answer', async () => {
    const { ours, theirs, server } = await strangers(new RealServerUnderTest(process, 'TCP'), SlixmppClient.start);
    const account = server.freshAccount();
    const another = await SlixmppClient.start({ ...account, port: process.server.c2sPort });
    onTestFinished(() => another.close());
    const room = `theirs@${server.roomDomain}`;
    await theirs.join(room, 'theirs');
    for (const jid of [ours.jid, another.jid]) await theirs.setAffiliation(room, jid, 'member');
    await another.join(room, 'another');
    await ours.attached.joinRoom({ room, nick: 'ours' });

    await theirs.sendToRoom(room, 'from one');
    await eventually(() => ours.texts).toEqual(['from one']);
    expect((await another.next('message')).body).toBe('from one');
    await another.sendToRoom(room, 'from another');
    await eventually(() => ours.texts).toEqual(['from one', 'from another']);
    expect((await theirs.next('message')).body).toBe('from another');
    await ours.omemo.rooms.room(room).send({ content: [textBody('from us')] });
    expect(await Promise.all([theirs.next('message'), another.next('message')])).toMatchObject([
      { body: 'from us', sender: ours.jid, room },
      { body: 'from us', sender: ours.jid, room },
    ]);
    expect(ours.unread).toEqual([]);
  });
});
