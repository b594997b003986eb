import { textBody } from '@omemo-kit/omemo-core';
import { bundleRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import type { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { Attached, say } from '../../src/attached-client.ts';
import { World } from '../../src/world.ts';

const [SILENT, OTHER] = ['silent@muc.example.org', 'other@muc.example.org'] as const;
const BOB = 'bob@example.net';
const BUNDLES = 'urn:xmpp:omemo:2:bundles';

const isQueryTo = (room: string) => (stanza: Element) =>
  stanza.attrs['to'] === room && stanza.getChild('query', 'urn:xmpp:mam:2') !== undefined;

/** Bob and others, in the same rooms. */
async function inRooms(others: readonly string[], options: Parameters<typeof Attached.to>[2] = {}) {
  const world = new World();
  const members = [BOB, ...others];
  const affiliations = Object.fromEntries(members.map((jid) => [jid, 'member' as const]));
  for (const room of [SILENT, OTHER]) world.server.createRoom(room, { affiliations });
  const clients: Awaited<ReturnType<typeof Attached.to>>[] = [];
  for (const jid of members) {
    const client = await Attached.to(world, `${jid}/x`, jid === BOB ? options : {});
    await client.client.attached.ready;
    for (const room of [SILENT, OTHER]) await client.client.attached.joinRoom({ room, nick: jid.split('@')[0]! });
    clients.push(client);
  }
  await world.server.settle();
  const [bob, ...rest] = clients;
  const published = () => [...(world.server.node(BOB, BUNDLES)?.items ?? [])].join();
  return { world, bob: bob!, others: rest.map(({ client }) => client), published };
}

const sayIn = (client: Attached, room: string, text: string) =>
  client.attached.omemo.rooms.room(room).send({ content: [textBody(text)] });

const retained = (memory: SharedMemory) =>
  bundleRecord.decode(memory.snapshot().find(({ key }) => key === recordKeys(BOB).bundle)!).retained.length;

describe('rooms of an attached Omemo', () => {
  test('a room or a nick that is none is refused at once, and leaves nothing behind', async () => {
    const world = new World();
    const { client } = await Attached.to(world, `${BOB}/x`);
    await client.attached.ready;
    await world.server.settle();
    world.server.log.length = 0;
    for (const wrong of [
      { room: OTHER, nick: '' },
      { room: 'muc.example.org', nick: 'bob' },
      { room: 'x@@y', nick: 'bob' },
    ]) {
      await expect(client.attached.joinRoom(wrong)).rejects.toMatchObject({
        name: 'TransportError',
        condition: 'jid-malformed',
      });
    }
    expect(world.server.log).toEqual([]);
    expect(await client.attached.omemo.rooms.list()).toEqual([]);
  });

  test('an archive of a room that does not answer holds up neither the account nor another room (S60)', async () => {
    const { world, bob, others, published } = await inRooms(['alice@example.org']);
    const [alice] = others as [Attached];
    bob.client.listen();
    bob.connection.disconnect();
    await say(alice, BOB, 'private');
    await sayIn(alice, SILENT, 'in the silent room');
    await sayIn(alice, OTHER, 'in the other room');
    await world.server.settle();
    const before = published();
    const hold = world.server.faults.hold({ direction: 'to-server', jid: BOB, matches: isQueryTo(SILENT) });
    const ready: string[] = [];
    bob.client.attached.on('ready', ({ session }) => void ready.push(session));
    bob.connection.reconnect();
    await expect.poll(() => bob.client.texts).toEqual(['private', 'in the other room']);
    await expect.poll(() => ready).toEqual(['new']);
    // What the account's own archive made owed is paid.
    await expect.poll(published).not.toBe(before);
    await say(alice, BOB, 'live');
    await sayIn(alice, OTHER, 'live in the other room');
    await sayIn(alice, SILENT, 'live in the silent room');
    await world.server.settle();
    await expect.poll(() => bob.client.texts.slice(2)).toEqual(['live', 'live in the other room']);
    expect(hold.hits).toBe(1);
    // A pre-key that the silent room's archive may still need is there.
    expect(retained(bob.memory)).toBe(1);
    hold.release();
    await expect.poll(() => bob.client.texts.slice(4)).toEqual(['in the silent room', 'live in the silent room']);
    await expect.poll(() => retained(bob.memory)).toBe(0);
    expect(bob.client.troubles).toEqual([]);
  });

  test('what a page of a room made owed is paid after it, however many pages follow (S60, R90)', async () => {
    const options = { catchUp: { pageSize: 1 } };
    const { world, bob, others, published } = await inRooms(['alice@example.org'], options);
    bob.client.listen();
    bob.connection.disconnect();
    for (const text of ['one', 'two']) await sayIn(others[0]!, SILENT, text);
    await world.server.settle();
    const before = published();
    world.server.faults.hold({ direction: 'to-server', jid: BOB, matches: isQueryTo(SILENT), skip: 1 });
    bob.connection.reconnect();
    await expect.poll(() => bob.client.texts).toEqual(['one']);
    await expect.poll(published).not.toBe(before);
    expect(bob.client.troubles).toEqual([]);
  });

  test('of two senders on one pre-key, one in a room, both are read (S14, R111)', async () => {
    const { world, bob, others } = await inRooms(['alice@example.org', 'carol@example.com']);
    const [alice, carol] = others as [Attached, Attached];
    bob.client.listen();
    bob.connection.disconnect();
    // The bundle shows one pre-key only.
    const { options, items } = world.server.node(BOB, BUNDLES)!;
    for (const [id, payload] of [...items]) {
      payload.getChild('prekeys')?.children.splice(1);
      world.server.createNode({ jid: BOB, node: BUNDLES, options, items: [{ id, payload }] });
    }
    await say(alice, BOB, 'private');
    await sayIn(carol, SILENT, 'in a room');
    await world.server.settle();
    bob.connection.reconnect();
    await expect.poll(() => bob.client.texts).toEqual(['private', 'in a room']);
    await expect.poll(() => retained(bob.memory)).toBe(0);
    expect(bob.client.troubles).toEqual([]);
  });
});
