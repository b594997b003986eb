import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { countSent } from '../../src/published.ts';
import { World } from '../../src/world.ts';

/** Alice, who has talked with Bob's two devices and with Carol's one. */
async function scene() {
  const world = new World();
  const [alice, desk, laptop, carol] = await world.started(
    'alice@example.org/phone',
    'bob@example.net/desk',
    'bob@example.net/laptop',
    'carol@example.org/x',
  );
  for (const jid of [desk.jid, carol.jid]) await alice.say(jid, 'hello');
  await world.calm();
  for (const client of [desk, laptop, carol]) await client.say(alice.jid, 'hi');
  await world.calm();
  const address = ({ jid, omemo }: Client) => ({ jid, deviceId: omemo.deviceId });
  const exchanges = (other: Client) => world.keys(alice, other).filter(({ keyExchange }) => keyExchange).length;
  return { world, alice, desk, laptop, carol, address, exchanges };
}

const inOrder = (devices: readonly { readonly deviceId: number }[]) =>
  [...devices].sort((a, b) => a.deviceId - b.deviceId);

describe('sessions are replaced by hand', () => {
  test('with one device: it alone gets an empty key exchange (R114, R115)', async () => {
    const { world, alice, desk, laptop, carol, address, exchanges } = await scene();
    const before = [desk, laptop, carol].map(exchanges);
    expect(await alice.omemo.replaceSessions(address(laptop))).toEqual([address(laptop)]);
    await world.calm();
    expect([desk, laptop, carol].map(exchanges)).toEqual([before[0], before[1]! + 1, before[2]]);
    expect(world.keys(alice, laptop).at(-1)).toMatchObject({ keyExchange: true, content: false });
  });

  test('with all devices of a contact (R115)', async () => {
    const { world, alice, desk, laptop, carol, address, exchanges } = await scene();
    const before = [desk, laptop, carol].map(exchanges);
    const replaced = await alice.omemo.replaceSessions({ jid: desk.jid });
    expect(inOrder(replaced)).toEqual(inOrder([desk, laptop].map(address)));
    await world.calm();
    expect([desk, laptop, carol].map(exchanges)).toEqual([before[0]! + 1, before[1]! + 1, before[2]]);
  });

  test('with everybody, and all goes on over the new ones (R116)', async () => {
    const { world, alice, desk, laptop, carol, address, exchanges } = await scene();
    const before = [desk, laptop, carol].map(exchanges);
    const replaced = await alice.omemo.replaceSessions();
    expect(inOrder(replaced)).toEqual(inOrder([desk, laptop, carol].map(address)));
    const sent = countSent(world, alice);
    await alice.omemo.settle();
    await alice.omemo.settle();
    expect(sent.messages).toBe(3);
    await world.calm();
    expect([desk, laptop, carol].map(exchanges)).toEqual(before.map((count) => count + 1));
    for (const jid of [desk.jid, carol.jid]) await alice.say(jid, 'anew');
    await world.calm();
    for (const client of [desk, laptop, carol]) expect(client.texts.at(-1)).toBe('anew');
  });

  test('where there are none: nothing happens, nothing is owed (R116)', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const before = alice.memory.snapshot();
    expect(await alice.omemo.replaceSessions()).toEqual([]);
    expect(await alice.omemo.replaceSessions({ jid: bob.jid, deviceId: bob.omemo.deviceId })).toEqual([]);
    expect(alice.memory.snapshot()).toEqual(before);
  });

  test('with a device of nobody: refused', async () => {
    const { alice } = await scene();
    await expect(alice.omemo.replaceSessions({ deviceId: 1 })).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('with a device whose bundle is gone: it is not asked for with every upkeep', async () => {
    const { alice, carol } = await scene();
    await carol.connection.transport.retract({
      node: 'urn:xmpp:omemo:2:bundles',
      itemId: String(carol.omemo.deviceId),
    });
    await alice.omemo.replaceSessions({ jid: carol.jid });
    expect(await alice.omemo.settle()).toEqual([]);
    expect(alice.memory.snapshot().filter(({ key }) => key.includes('/debt/'))).toEqual([]);
  });

  test('with hundreds, in commits of a hundred (R116)', async () => {
    const { world, alice, desk } = await scene();
    const record = alice.memory.snapshot().find(({ key }) => key.includes('/session/bob'))!;
    const copies = Array.from({ length: 250 }, (_, n) => ({
      ...record,
      key: record.key.replace(/[^/]+\/\d+$/, `friend${n}%40example.org/${n + 1}`),
    }));
    alice.memory.restore([...alice.memory.snapshot(), ...copies]);
    expect(await alice.omemo.replaceSessions()).toHaveLength(253);
    expect(alice.memory.snapshot().filter(({ key }) => key.includes('/debt/answer/'))).toHaveLength(253);
    expect(world.keys(alice, desk).length).toBeGreaterThan(0);
  });
});
