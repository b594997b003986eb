import { type OptOutEvent, textBody } from '@omemo-kit/omemo-core';
import { xml } from '@omemo-kit/transport-stanzas';
import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';

describeEachServer('opting out', (server) => {
  test('blocks sending until the user agrees to plain text, and ends with the next encrypted message (R95, R98, R100)', async () => {
    const [alice, bob] = [await Device.online(server), await Device.online(server)];
    await alice.say(bob.jid, 'hello');
    await bob.say(alice.jid, 'hi');
    await eventually(() => [alice.texts, bob.texts]).toEqual([['hi'], ['hello']]);
    const told: OptOutEvent[] = [];
    bob.omemo.on('opt-out', (event) => told.push(event));

    await alice.omemo.optOut.send({ to: bob.jid, reason: 'this client cannot keep its keys' });
    await eventually(() => told.map(({ jid, change }) => [jid, change])).toEqual([[alice.jid, 'asked']]);
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({
      confirmed: false,
      requests: [{ jid: alice.jid, deviceId: alice.omemo.deviceId, reason: 'this client cannot keep its keys' }],
    });
    const refused = { code: 'opted-out' };
    await expect(bob.say(alice.jid, 'secret')).rejects.toMatchObject(refused);
    await expect(alice.say(bob.jid, 'secret')).rejects.toMatchObject(refused);
    // The process ends; the block does not.
    await bob.leave();
    const back = await bob.comeBack();
    await expect(back.say(alice.jid, 'secret')).rejects.toMatchObject(refused);

    await back.omemo.optOut.confirm(alice.jid);
    const plain = xml('message', { to: alice.jid, type: 'chat', id: 'plain' }, xml('body', {}, 'in the clear'));
    await back.link.channel.send(plain);
    await eventually(() => alice.others.map((stanza) => stanza.getChildText('body'))).toContain('in the clear');

    const again: OptOutEvent[] = [];
    back.omemo.on('opt-out', (event) => again.push(event));
    await alice.omemo.optOut.resume(bob.jid);
    await alice.omemo.send({ to: bob.jid, content: [textBody('encrypted again')] });
    await eventually(() => back.texts).toEqual(['encrypted again']);
    expect(again).toMatchObject([{ jid: alice.jid, change: 'ended', state: undefined }]);
    await back.say(alice.jid, 'me too');
    await eventually(() => alice.texts).toEqual(['hi', 'me too']);
  });
});
