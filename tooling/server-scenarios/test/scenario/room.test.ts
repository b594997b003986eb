import { twomemoAvailability } from '@omemo-kit/interop';
import { useTwomemoPeer } from '@omemo-kit/interop/vitest';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { PythonMember } from '../../src/python-member.ts';
import { RoomUnderTest } from '../../src/room-under-test.ts';

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

  const { available } = twomemoAvailability();
  describe.skipIf(!available && process.env['OMEMO_REQUIRE_PEERS'] !== '1')('with python-omemo in it', () => {
    const peer = useTwomemoPeer();

    test('is written to and read by both, whoever begins', async () => {
      const [alice, bob] = [await Device.online(server), await Device.online(server)];
      const room = await RoomUnderTest.create(server, alice);
      const account = server.freshAccount();
      for (const jid of [bob.jid, account.jid]) await room.affiliate(jid, 'member');
      await room.enter(bob);
      const python = await PythonMember.online({ server, peer: peer(), account, room: room.jid });
      await python.enter();
      await room.say(alice, 'from Alice');
      await eventually(() => [python.texts, bob.texts]).toEqual([['from Alice'], ['from Alice']]);
      await python.say('from python', [alice.jid, bob.jid]);
      await eventually(() => [alice.texts, bob.texts]).toEqual([['from python'], ['from Alice', 'from python']]);
      await room.say(bob, 'from Bob');
      await eventually(() => [python.texts, alice.texts.at(-1)]).toEqual([['from Alice', 'from Bob'], 'from Bob']);
      expect([python.unread, alice.unread, bob.unread]).toEqual([[], [], []]);
      await room.destroy();
    });
  });
});
