import { type EncryptedStanza, systemRandomness, textBody } from '@omemo-kit/omemo-core';
import { decodeKeyExchange, findEncrypted, NODE_BUNDLES, parseEncrypted } from '@omemo-kit/omemo-wire';
import { expect, test } from 'vitest';
import { describeEachServer } from '../../src/describe-each-server.ts';
import { Device } from '../../src/device.ts';
import { eventually } from '../../src/eventually.ts';
import { OtherClient } from '../../src/other-client.ts';

/** A page of an archive holds 50 on Prosody: the catch-up goes over several. */
const MESSAGES = 300;
/** Everybody takes the pre-key that is listed first. */
const randomness = { ...systemRandomness, choosePreKey: <T>(keys: readonly T[]) => keys[0] as T };

describeEachServer('what came while a device was away', (server) => {
  test('300 messages of two senders, who began on the same pre-key, are read from the archive (R111, R112, X46)', async () => {
    const bob = await Device.online(server);
    const { deviceId } = bob.omemo;
    await bob.leave();
    const watcher = await OtherClient.online(server, bob.account);
    const preKeys = async () => {
      const [bundle] = await watcher.items(NODE_BUNDLES);
      return (bundle?.payload.getChild('prekeys')?.getChildren('pk') ?? []).map(({ attrs }) => Number(attrs['id']));
    };
    const usedBy = ({ stanza }: EncryptedStanza): number => {
      const { key } = parseEncrypted(findEncrypted(stanza)!, { jid: bob.omemo.jid as never, deviceId });
      return decodeKeyExchange(key!).pkId;
    };
    const [alice, carol] = [await Device.online(server, { randomness }), await Device.online(server, { randomness })];
    const used = new Set<number>();
    /** Writes every second message, without waiting for the acknowledgement of the one before. */
    const write = async (sender: Device, first: number) => {
      const sent: Promise<string>[] = [];
      for (let index = first; index < MESSAGES; index += 2) {
        const encrypted = await sender.omemo.encrypt({ to: bob.jid, content: [textBody(`${index}`)] });
        used.add(usedBy(encrypted));
        sent.push(sender.link.channel.send(encrypted.stanza));
      }
      expect(new Set(await Promise.all(sent))).toEqual(new Set(['accepted']));
      await sender.omemo.sent((await sender.omemo.outbox()).map(({ id }) => id));
    };
    await Promise.all([write(alice, 0), write(carol, 1)]);
    expect(used.size).toBe(1);
    const before = await preKeys();
    expect(before).toEqual(expect.arrayContaining([...used]));

    const back = await bob.comeBack();
    await eventually(() => back.texts.length).toBe(MESSAGES);
    // In the order of the archive, which is for each sender that of writing.
    const of = (jid: string) => back.texts.filter((_, index) => back.messages[index]?.sender.jid === jid).map(Number);
    const every = (first: number) => Array.from({ length: MESSAGES / 2 }, (_, index) => 2 * index + first);
    expect([of(alice.jid), of(carol.jid)]).toEqual([every(0), every(1)]);
    expect([back.unread, back.troubles]).toEqual([[], []]);
    // The pre-key that served both is gone now, and the bundle is full again.
    await back.settled();
    await eventually(async () => (await preKeys()).filter((id) => used.has(id))).toEqual([]);
    expect(await preKeys()).toHaveLength(before.length);
    // And the answers that were owed end the key exchanges.
    await eventually(async () => (await alice.say(bob.jid, 'live')).stanza.toString().includes('kex="true"')).toBe(
      false,
    );
    await eventually(() => back.texts.at(-1)).toBe('live');
  });
});
