import type { OmemoError } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { addressees, RoomScene, roomOf } from '../../src/room-scene.ts';
import { body } from '../../src/stanzas.ts';
import { FaultyStore, type StoreOperation } from '../../src/store-faults.ts';
import { World } from '../../src/world.ts';

const [ALICE, BOB, CAROL] = ['alice@example.org', 'bob@example.net', 'carol@example.com'];
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: OmemoError) => error.code,
  );
const isDisco = (iq: Element) => /disco#info/.test(String(iq.getChild('query')?.getNS()));

/** Alice is in a room with Bob and Carol, and calls of her store can be made to fail. */
async function setUp() {
  const world = new World();
  const [alice, bob, carol] = await world.started(`${ALICE}/phone`, `${BOB}/desk`, `${CAROL}/tablet`);
  const store = new FaultyStore(alice.memory.open());
  await alice.crash({ store });
  const scene = new RoomScene(world, { affiliations: { [ALICE]: 'owner', [BOB]: 'member', [CAROL]: 'member' } });
  await scene.enter(alice);
  expect(addressees((await scene.say(alice, 'to both')).encrypted)).toEqual([BOB, CAROL]);
  await world.calm();
  const failNext = (operation: StoreOperation) => {
    store.fired = false;
    store.fault = { operation, call: store.calls[operation], moment: 'before', code: 'unavailable' };
  };
  return { world, scene, alice, bob, carol, store, failNext };
}

describe('a removal that the store could not keep', () => {
  test('has the room asked again before the next message: who was removed gets no key (R106, S56)', async () => {
    const { world, scene, alice, failNext } = await setUp();
    failNext('commit');
    scene.server.affiliate(BOB, 'none');
    await world.quiet();
    expect(alice.errors).toMatchObject([{ code: 'unavailable' }]);
    world.server.log.length = 0;
    expect(addressees((await scene.say(alice, 'to Carol')).encrypted)).toEqual([CAROL]);
    const asked = () =>
      world.server.log.filter(({ direction, stanza }) => direction === 'to-server' && isDisco(stanza));
    expect(asked()).toHaveLength(1);
    // It was asked, and what it said is kept: it need not be asked for each message.
    await scene.say(alice, 'to Carol again');
    expect(asked()).toHaveLength(1);
  });

  test('leaves nobody to write to while the room does not answer (R106, S56)', async () => {
    const { world, scene, alice, failNext } = await setUp();
    failNext('commit');
    scene.server.affiliate(BOB, 'none');
    await world.quiet();
    const held = world.server.faults.fail(
      { jid: ALICE, direction: 'to-server', matches: isDisco },
      { condition: 'remote-server-timeout', type: 'wait' },
    );
    expect(await codeOf(scene.say(alice, 'to whom?'))).toBe('room-unknown');
    expect(await codeOf(roomOf(alice).encrypt({ content: [] }))).toBe('room-unknown');
    held.stop();
    await roomOf(alice).refresh();
    expect(addressees((await scene.say(alice, 'to Carol')).encrypted)).toEqual([CAROL]);
  });

  test('is not forgotten when the store could not even say whether the room is known (R106, S56)', async () => {
    const { world, scene, alice, store, failNext } = await setUp();
    // The process starts again on a connection that was resumed, and nobody has named the room yet.
    await alice.crash({ store });
    failNext('get');
    scene.server.affiliate(BOB, 'none');
    await world.quiet();
    expect(alice.errors).toMatchObject([{ code: 'unavailable' }]);
    expect(await codeOf(scene.say(alice, 'to whom?'))).toBe('room-unknown');
    await roomOf(alice).refresh();
    expect(addressees((await scene.say(alice, 'to Carol')).encrypted)).toEqual([CAROL]);
  });

  test('from a list that the room hides takes out all that presence had told of it (R106, S56)', async () => {
    const { world, scene, alice, failNext } = await setUp();
    world.server.faults.fail(
      {
        jid: ALICE,
        direction: 'to-server',
        matches: (iq) => iq.getChild('query')?.getChild('item')?.attrs['affiliation'] === 'member',
      },
      { condition: 'forbidden', type: 'auth' },
    );
    expect((await roomOf(alice).refresh()).members.map(({ jid }) => jid)).toEqual([ALICE, BOB, CAROL]);
    failNext('commit');
    scene.server.affiliate(BOB, 'none');
    await world.quiet();
    const room = roomOf(alice, { incomplete: 'allow' });
    expect((await room.refresh()).members.map(({ jid }) => jid)).toEqual([ALICE]);
    scene.server.affiliate(CAROL, 'admin');
    await world.quiet();
    expect(addressees((await room.encrypt({ content: [body('to Carol')] })).encrypted)).toEqual([CAROL]);
  });
});
