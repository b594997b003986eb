import { describePeer } from '@omemo-kit/interop/vitest';
import type { Element } from 'ltx';
import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { pythonFor, pythonMembers } from '../../src/python-members.ts';
import { RoomUnderTest } from '../../src/room-under-test.ts';

/** Who comes later asks the archive for everything. */
const BEFORE = new Date(0);

/** Bare JIDs that a message has keys for. */
function addressees(stanza: Element): string[] {
  const keys = stanza.getChild('encrypted')?.getChild('header')?.getChildren('keys') ?? [];
  return keys.map(({ attrs }) => String(attrs['jid'])).sort();
}

describeEachServer('a room', (server) => {
  test('of four: one is offline, one is removed and one is added while they talk (R104, R105, R106, R108)', async () => {
    const [alice, bob, carol, dave, erin] = [
      await Device.online(server),
      await Device.online(server),
      await Device.online(server),
      await Device.online(server),
      await Device.online(server),
    ];
    const room = await RoomUnderTest.create(server, alice);
    for (const { jid } of [bob, carol, dave]) await room.affiliate(jid, 'member');
    await room.enter(bob);
    await room.enter(carol);
    await room.enter(dave);
    await dave.leave();
    const four = [alice, bob, carol, dave].map(({ jid }) => jid).sort();
    await eventually(() => room.members(bob)).toEqual(four);

    const first = await room.say(bob, 'to all four');
    expect(addressees(first.stanza)).toEqual(four.filter((jid) => jid !== bob.jid));
    await eventually(() => [alice.texts, carol.texts]).toEqual([['to all four'], ['to all four']]);
    expect(alice.messages[0]).toMatchObject({ sender: { jid: bob.jid, deviceId: bob.omemo.deviceId } });

    // Carol is removed: everybody hears of it, and she gets no key from then on.
    await room.affiliate(carol.jid, 'none');
    const three = four.filter((jid) => jid !== carol.jid);
    await eventually(() => Promise.all([alice, bob].map((device) => room.members(device)))).toEqual([three, three]);
    const second = await room.say(bob, 'without Carol');
    expect(addressees(second.stanza)).toEqual(three.filter((jid) => jid !== bob.jid));
    await eventually(() => alice.texts).toEqual(['to all four', 'without Carol']);

    // Erin is added, and is written to before she ever comes in.
    await room.affiliate(erin.jid, 'member');
    const again = [...three, erin.jid].sort();
    await eventually(() => Promise.all([alice, bob].map((device) => room.members(device)))).toEqual([again, again]);
    const third = await room.say(alice, 'welcome Erin');
    expect(addressees(third.stanza)).toEqual(again.filter((jid) => jid !== alice.jid));
    await room.enter(erin);
    await room.say(erin, 'hello');
    await eventually(() => [alice.texts.at(-1), bob.texts.at(-1)]).toEqual(['hello', 'hello']);

    // Dave was offline, reads all of it from the room's archive, and whom it is from.
    const back = await dave.comeBack();
    await room.enter(back);
    await eventually(() => back.texts).toEqual(['to all four', 'without Carol', 'welcome Erin', 'hello']);
    expect(back.messages.map(({ sender }) => sender.jid)).toEqual([bob.jid, bob.jid, alice.jid, erin.jid]);
    expect(carol.texts).toEqual(['to all four']);
    for (const device of [alice, bob, back, erin]) expect([device.unread, device.troubles]).toEqual([[], []]);
    await room.destroy();
  });

  describePeer(pythonFor(server), 'of four, one of them python-omemo', () => {
    const member = pythonMembers(server);

    for (const order of [['alice', 'python'] as const, ['python', 'alice'] as const]) {
      const begins = order[0] === 'alice' ? 'which is written to first' : 'which writes first';
      test(`${begins}: one is offline, one is removed and one is added while they talk (R104, R105, R106, R108)`, async () => {
        const [alice, carol, dave, erin] = [
          await Device.online(server),
          await Device.online(server),
          await Device.online(server),
          await Device.online(server, { catchUp: { since: BEFORE } }),
        ];
        const room = await RoomUnderTest.create(server, alice);
        const python = await member(room.jid);
        for (const { jid } of [carol, dave, python]) await room.affiliate(jid, 'member');
        for (const device of [carol, dave]) await room.enter(device);
        await python.enter();
        await dave.leave();

        /** Whom each message that came from the room has keys for. */
        const heard: string[][] = [];
        alice.link.channel.onStanza((stanza) => {
          const inRoom = String(stanza.attrs['from']).startsWith(`${room.jid}/`);
          if (inRoom && stanza.getChild('encrypted')) heard.push(addressees(stanza));
        });
        const expected: string[][] = [];
        const senders = { alice: alice.jid, python: python.jid };
        const [bySelf, toAlice, toPython]: string[][] = [[], [], []];
        /** Both write, in turns, to these, and read each other. */
        const talk = async (topic: string, members: readonly string[]) => {
          await eventually(() => room.members(alice)).toEqual([...members].sort());
          for (const who of order) {
            const text = `${who}: ${topic}`;
            await (who === 'alice' ? room.say(alice, text) : python.say(text));
            (who === 'alice' ? toPython : toAlice)!.push(text);
            bySelf!.push(text);
            expected.push(members.filter((jid) => jid !== senders[who]).sort());
            await eventually(() => [alice.texts, python.texts]).toEqual([toAlice, toPython]);
          }
        };

        const always = [alice.jid, python.jid, dave.jid];
        await talk('to all four', [...always, carol.jid]);
        await eventually(() => carol.texts).toEqual(bySelf);
        await room.affiliate(carol.jid, 'none');
        await talk('without Carol', always);
        await room.affiliate(erin.jid, 'member');
        await talk('welcome Erin', [...always, erin.jid]);
        await room.enter(erin);
        await room.say(erin, 'hello');
        await eventually(() => [alice.texts.at(-1), python.texts.at(-1)]).toEqual(['hello', 'hello']);
        await eventually(() => heard).toEqual([...expected, always.sort()]);

        // Dave reads all of it from the archive, and whom it is from; Erin nothing of before, and Carol nothing of after.
        const back = await dave.comeBack();
        await room.enter(back);
        await eventually(() => back.texts).toEqual([...bySelf!, 'hello']);
        const said = ['1', '2', '3'].flatMap(() => order.map((who) => senders[who]));
        expect(back.messages.map(({ sender }) => sender.jid)).toEqual([...said, erin.jid]);
        expect(carol.texts).toEqual(bySelf!.slice(0, 2));
        await eventually(() => erin.texts).toEqual(bySelf!.slice(4));
        expect(erin.unread).toEqual(Array(4).fill('not-for-this-device'));
        expect([alice, back, python].flatMap(({ unread }) => unread)).toEqual([]);
        expect([alice, back, erin].flatMap(({ troubles }) => troubles)).toEqual([]);
        await room.destroy();
      });
    }
  });
});
