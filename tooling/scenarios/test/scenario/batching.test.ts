import { blindTrustBeforeVerification, manualTrust, Omemo, type Transport } from '@omemo-kit/omemo-core';
import type { PausePoint } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { ROOM, RoomScene } from '../../src/room-scene.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB] = ['alice@example.org', 'bob@example.net'];
const MEMBERS = 60;

/** Alice in a room whose members have a device each; that they all show Bob's is nothing to this. */
async function setUp() {
  const world = new World();
  const [alice] = await world.started(`${ALICE}/phone`, `${BOB}/desk`);
  const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner' } });
  for (const node of ['urn:xmpp:omemo:2:devices', 'urn:xmpp:omemo:2:bundles']) {
    const items = [...world.server.node(BOB, node)!.items].map(([id, payload]) => ({ id, payload }));
    for (let n = 0; n < MEMBERS; n++) {
      world.server.createNode({
        jid: `member${n}@example.com`,
        node,
        items,
        options: { 'pubsub#access_model': 'open' },
      });
    }
  }
  for (let n = 0; n < MEMBERS; n++) scene.server.affiliate(`member${n}@example.com`, 'member');
  await scene.enter(alice);
  return { world, alice };
}

describe('a message to a room of sixty', () => {
  test('is one commit, and asks the store for the sessions all at once or not at all', async () => {
    const { alice } = await setUp();
    const calls: PausePoint[] = [];
    const open = () => Client.omemoOn(alice.connection, alice.memory, { store: alice.memory.open({ pause }) });
    const pause = (point: PausePoint) => void (point.when === 'before' && calls.push(point));
    const say = (omemo: Omemo) => omemo.rooms.room(ROOM).encrypt({ content: [body('hear, hear')] });
    const withSessions = () => calls.filter(({ keys }) => keys.some((key) => key.includes('/session/')));
    await say(await open());
    // Another process, which has everything to read.
    const omemo = await open();
    calls.length = 0;
    expect((await say(omemo)).devices).toHaveLength(MEMBERS);
    expect(withSessions().map(({ operation }) => operation)).toEqual(['get', 'commit']);
    expect(calls.filter(({ operation }) => operation === 'commit')).toHaveLength(1);
    calls.length = 0;
    expect((await say(omemo)).devices).toHaveLength(MEMBERS);
    expect(withSessions().map(({ operation }) => operation)).toEqual(['commit']);
    expect(calls.filter(({ operation }) => operation === 'commit')).toHaveLength(1);
  });

  test.each([1, 8])('has never more than %i bundles on their way', async (parallelFetches) => {
    const { alice } = await setUp();
    const { transport } = alice.connection;
    let [underWay, most, fetched] = [0, 0, 0];
    const counting: Transport = {
      ...transport,
      async fetch(request) {
        if (request.node !== 'urn:xmpp:omemo:2:bundles') return transport.fetch(request);
        most = Math.max(most, ++underWay);
        fetched += 1;
        try {
          return await transport.fetch(request);
        } finally {
          underWay -= 1;
        }
      },
    };
    const omemo = await Omemo.open({
      ...{ jid: ALICE, store: alice.memory.open(), transport: counting },
      ...{ trust: blindTrustBeforeVerification, upkeep: 'manual', limits: { parallelFetches } },
    });
    await omemo.rooms.room(ROOM).encrypt({ content: [body('hear, hear')] });
    expect([most, fetched]).toEqual([parallelFetches, MEMBERS]);
  });
});

test('a message to a contact costs each side two reads and a commit, and one of each once it is sent and shown', async () => {
  const world = new World();
  const [alice, bob] = await world.started(`${ALICE}/phone`, `${BOB}/desk`);
  const calls: string[] = [];
  const pause = ({ when, operation }: PausePoint) => void (when === 'before' && calls.push(operation));
  const counted = ({ connection, memory }: Client) =>
    Client.omemoOn(connection, memory, { store: memory.open({ pause }) });
  const [writer, reader] = [await counted(alice), await counted(bob)];
  const steps = async () => {
    const { id, stanza } = await writer.encrypt({ to: BOB, content: [body('hello')] });
    const encrypted = calls.splice(0);
    await writer.sent([id]);
    const sent = calls.splice(0);
    stanza.attrs['from'] = ALICE;
    const result = await reader.receive(stanza);
    if (result.type !== 'message') throw new TypeError(result.type);
    const received = calls.splice(0);
    await reader.ack([result.id]);
    return { encrypted, sent, received, shown: calls.splice(0) };
  };
  await steps();
  calls.length = 0;
  expect(await steps()).toEqual({
    encrypted: ['get', 'get', 'commit'],
    sent: ['get', 'commit'],
    received: ['get', 'get', 'commit'],
    shown: ['get', 'commit'],
  });
});

test('the bundle of a device that was rejected is not fetched for each message', async () => {
  const world = new World();
  const [desk] = await world.started(`${BOB}/desk`, `${BOB}/tablet`);
  const alice = await world.client(`${ALICE}/phone`, { trust: manualTrust });
  await alice.omemo.start();
  for (const { deviceId, identityKey } of await alice.omemo.devices(BOB)) {
    const level = deviceId === desk.omemo.deviceId ? 'verified' : 'distrusted';
    await alice.omemo.setTrust({ jid: BOB, identityKey: identityKey!, level });
  }
  await alice.say(BOB, 'one');
  world.server.log.length = 0;
  expect((await alice.say(BOB, 'two')).skipped).toMatchObject([{ reason: 'distrusted' }]);
  expect(world.server.log.filter(({ stanza }) => stanza.toString().includes('bundles'))).toEqual([]);
});
