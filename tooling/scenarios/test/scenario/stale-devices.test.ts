import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const limits = { staleAfter: 5 };

/** Alice, and Bob with two devices, of which the laptop is not heard of again. */
async function silentLaptop() {
  const world = new World();
  const alice = await world.client('alice@example.org/phone', { limits });
  const desk = await world.client('bob@example.net/desk');
  const laptop = await world.client('bob@example.net/laptop');
  for (const client of [alice, desk, laptop]) await client.omemo.start();
  await world.calm();
  for (const client of [desk, laptop]) await client.say(alice.jid, 'hello');
  await world.calm();
  laptop.connection.disconnect();
  /** Alice writes, and the desk answers. */
  const talk = async (rounds: number) => {
    for (let n = 0; n < rounds; n++) {
      await alice.say(desk.jid, 'anybody there?');
      await world.quiet();
      await desk.omemo.encryptPayload([alice.jid], new Uint8Array(1)).then(async ({ encrypted }) => {
        world.note(desk.jid, encrypted);
        await alice.omemo.decryptPayload({ from: desk.jid, encrypted });
      });
    }
  };
  const encrypt = () => alice.omemo.encrypt({ to: desk.jid, content: [body('now')] });
  const shown = async (jid: string, device: Client) =>
    (await alice.omemo.devices(jid)).find(({ deviceId }) => deviceId === device.omemo.deviceId)?.stale;
  return { world, alice, desk, laptop, talk, encrypt, shown };
}

describe('a device that is not heard of', () => {
  test('gets no more messages after so many, is told as skipped and shown as stale (X50)', async () => {
    const { alice, desk, laptop, talk, encrypt, shown } = await silentLaptop();
    // The first message to it was the answer to its key exchange.
    await talk(4);
    expect(await shown(desk.jid, laptop)).toBe(false);
    expect((await encrypt()).devices).toHaveLength(2);
    const { devices, skipped } = await encrypt();
    expect(devices).toEqual([{ jid: desk.jid, deviceId: desk.omemo.deviceId }]);
    expect(skipped).toEqual([{ jid: desk.jid, deviceId: laptop.omemo.deviceId, reason: 'stale' }]);
    expect([await shown(desk.jid, laptop), await shown(desk.jid, desk)]).toEqual([true, false]);
    const audience = await alice.omemo.audience([desk.jid]);
    expect(audience.devices.map(({ access }) => access).sort()).toEqual(['reads', 'stale']);
  });

  test('gets them again as soon as it is heard of, also if it has read none yet (X50)', async () => {
    const { world, alice, desk, laptop, talk, encrypt, shown } = await silentLaptop();
    await talk(8);
    expect((await encrypt()).skipped).toHaveLength(1);
    laptop.connection.reconnect();
    // Its ratchet key is still the one of before: our sending chain goes on where it was.
    await laptop.say(alice.jid, 'I was asleep');
    await world.quiet();
    expect(await shown(desk.jid, laptop)).toBe(false);
    expect((await encrypt()).skipped).toEqual([]);
    await alice.say(desk.jid, 'good morning');
    await world.quiet();
    expect(laptop.texts).toContain('good morning');
  });

  test('gets them again after its sessions are replaced by hand (X50, R114)', async () => {
    const { alice, desk, talk, encrypt } = await silentLaptop();
    await talk(8);
    await alice.omemo.replaceSessions({ jid: desk.jid });
    await alice.omemo.settle();
    expect((await encrypt()).skipped).toEqual([]);
  });

  test('is still written to while the account has no other that is heard of (X50)', async () => {
    const { world, alice, desk, encrypt } = await silentLaptop();
    desk.connection.disconnect();
    for (let n = 0; n < 9; n++) await alice.say(desk.jid, 'anybody?');
    await world.quiet();
    const { devices, skipped } = await encrypt();
    expect([devices.length, skipped.length]).toEqual([2, 0]);
    const audience = await alice.omemo.audience([desk.jid]);
    expect(audience.devices.map(({ access }) => access)).toEqual(['reads', 'reads']);
  });

  test('of our own account is left out too, also where it is the only other one (X50)', async () => {
    const world = new World();
    const phone = await world.client('alice@example.org/phone', { limits });
    const tablet = await world.client('alice@example.org/tablet');
    const bob = await world.client('bob@example.net/desk');
    for (const client of [phone, tablet, bob]) await client.omemo.start();
    await world.calm();
    await phone.say(bob.jid, 'hello');
    await world.calm();
    tablet.connection.disconnect();
    for (let n = 0; n < 8; n++) {
      await phone.say(bob.jid, 'news');
      await world.quiet();
      await bob.say(phone.jid, 'thanks');
      await world.quiet();
    }
    const { skipped } = await phone.omemo.encrypt({ to: bob.jid, content: [body('now')] });
    expect(skipped).toEqual([{ jid: phone.jid, deviceId: tablet.omemo.deviceId, reason: 'stale' }]);
    // A note to oneself is for the own devices: they are the recipient then.
    const note = await phone.omemo.encrypt({ to: phone.jid, content: [body('to myself')] });
    expect(note.devices).toEqual([{ jid: phone.jid, deviceId: tablet.omemo.deviceId }]);
  });

  test('that reads is never stale: its heartbeat comes first, however many messages it gets (X50, R117)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.crash({ limits: { staleAfter: 60 } });
    for (let n = 0; n < 200; n++) {
      await alice.say(bob.jid, 'x');
      await world.quiet();
      if (n % 20 === 0) {
        await bob.omemo.settle();
        await world.quiet();
      }
    }
    expect((await alice.omemo.devices(bob.jid)).map(({ stale }) => stale)).toEqual([false]);
    expect(bob.received.filter((stanza) => encryptedIn(stanza)).length).toBe(200);
  });
});
