import { describe, expect, test } from 'vitest';
import { Client, textOf } from '../../src/client.ts';
import { onceAt } from '../../src/pauses.ts';
import { body, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const isEncrypted = (stanza: Parameters<typeof encryptedIn>[0]) => encryptedIn(stanza) !== undefined;

describe('a crash', () => {
  test('between commit and send: the stanza is sent again with the same bytes and id', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const encrypted = await alice.omemo.encrypt({ to: bob.jid, content: [body('survivor')], id: 'stanza-1' });
    const now = Date.now() + 31_000;
    await alice.crash({ clock: () => now });
    await alice.omemo.start();
    await world.calm();
    expect(bob.texts).toEqual(['survivor']);
    const sent = world.server.log.filter(
      ({ direction, stanza }) => direction === 'to-server' && stanza.attrs['id'] === 'stanza-1',
    );
    expect(sent).toHaveLength(1);
    expect(encryptedIn(sent[0]!.stanza)!.toString()).toBe(encryptedIn(encrypted.stanza)!.toString());
    expect(await alice.omemo.outbox()).toEqual([]);
  });

  test('after a send that nobody acknowledged: the copy is a duplicate for the receiver', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', { connect: { acks: 'off' } });
    const bob = await world.client('bob@example.net/desk');
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    const sent = await alice.say(bob.jid, 'once');
    expect(sent.delivery).toBe('handed-over');
    const now = Date.now() + 31_000;
    await alice.crash({ clock: () => now });
    await alice.omemo.start();
    await world.quiet();
    expect(bob.texts).toEqual(['once']);
    expect(bob.types.filter((type) => type === 'duplicate')).toHaveLength(1);
    const copies = world.server.log.filter(
      ({ direction, stanza }) => direction === 'to-server' && stanza.attrs['id'] === sent.id,
    );
    expect(copies).toHaveLength(2);
    expect(copies[0]!.stanza.toString()).toBe(copies[1]!.stanza.toString());
    await alice.omemo.sent([sent.id]);
    expect(await alice.omemo.outbox()).toEqual([]);
  });

  test('between decrypt and ack: the message is in the inbox under the same id', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.say(bob.jid, 'kept');
    await world.quiet();
    const first = bob.results.at(-1)!;
    expect(first.type).toBe('message');
    await bob.crash();
    const again = await bob.omemo.inbox();
    expect(again).toEqual([first]);
    const copy = await bob.omemo.receive(copyOf(bob.received.find(isEncrypted)!));
    expect(copy).toMatchObject({ type: 'duplicate', unacknowledged: first });
    await bob.omemo.ack([again[0]!.id]);
    await bob.crash();
    expect(await bob.omemo.inbox()).toEqual([]);
    expect(await bob.omemo.receive(copyOf(bob.received.find(isEncrypted)!))).toMatchObject({
      type: 'duplicate',
      unacknowledged: undefined,
    });
  });

  test.each(['before', 'after'] as const)(
    '%s any commit of a conversation: nothing lost, no key twice',
    async (when) => {
      for (let crashAt = 0; ; crashAt++) {
        const world = new World();
        const [alice, bob] = await world.pair();
        let now = Date.now();
        let commits = 0;
        let crashed = false;
        let acking = false;
        // The process hangs for ever at that commit; a new one is started on the same memory.
        let die = () => {};
        const died = new Promise<void>((resolve) => {
          die = resolve;
        });
        const pause = (point: { operation: string; when: string }) => {
          if (point.operation !== 'commit' || point.when !== when || commits++ !== crashAt) return undefined;
          crashed = true;
          die();
          return new Promise<void>(() => {});
        };
        const dying = await Client.omemoOn(bob.connection, bob.memory, { store: bob.memory.open({ pause }) });
        bob.deaf();
        await alice.say(bob.jid, 'one');
        await alice.say(bob.jid, 'two');
        await world.quiet();
        const stanzas = bob.received.filter(isEncrypted);
        const life = (async () => {
          for (const stanza of stanzas) await dying.receive(copyOf(stanza));
          await dying.send({ to: alice.jid, content: [body('three')], id: 'three' });
          acking = true;
          await dying.ack((await dying.inbox()).map(({ id }) => id));
        })();
        await Promise.race([life, died]);
        if (!crashed) {
          expect(crashAt).toBeGreaterThan(3);
          return;
        }
        now += 31_000;
        await bob.crash({ clock: () => now });
        await bob.omemo.start();
        const shown = (await bob.omemo.inbox()).flatMap((result) => textOf(result) ?? []);
        for (const stanza of stanzas)
          shown.push(...[textOf(await bob.omemo.receive(copyOf(stanza)))].flatMap((t) => t ?? []));
        // Gone from the inbox only if the application had acknowledged it by then.
        const acked = acking && when === 'after' && shown.length === 0;
        expect([...shown].sort()).toEqual(acked ? [] : ['one', 'two']);
        await world.quiet();
        if (!alice.texts.includes('three')) await bob.say(alice.jid, 'three');
        await world.calm();
        await alice.say(bob.jid, 'four');
        await world.calm();
        expect(alice.texts).toEqual(['three']);
        const last = bob.received.filter(isEncrypted).at(-1)!;
        expect(textOf(await bob.omemo.receive(copyOf(last)))).toBe('four');
        world.check();
      }
    },
  );

  test('of one tab while another goes on: the first one’s slot is not used again', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const hang = onceAt(
      ({ operation, when }) => operation === 'commit' && when === 'after',
      () => new Promise<void>(() => {}),
    );
    const dying = await Client.omemoOn(alice.connection, alice.memory, { store: alice.memory.open({ pause: hang }) });
    void dying.encryptPayload([bob.jid], new Uint8Array(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await alice.say(bob.jid, 'on');
    await world.calm();
    expect(bob.texts).toEqual(['on']);
    expect(world.keys(alice, bob).at(-1)!.messageNumber).toBe(1);
  });
});
