import { isOmemoError, type RollbackCounter } from '@omemo-kit/omemo-core';
import { bundleRecord, identityRecord, recordKeys } from '@omemo-kit/omemo-core/records';
import { type MemorySnapshot, SharedMemory } from '@omemo-kit/storage-memory';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

/** A counter as an application keeps it outside of the store. */
class OutsideCounter implements RollbackCounter {
  value: number | undefined;
  failing: 'nothing' | 'raise' | 'read' = 'nothing';

  async read(): Promise<number | undefined> {
    if (this.failing === 'read') throw new Error('the keychain is locked');
    return this.value;
  }

  async raise(to: number): Promise<void> {
    if (this.failing === 'raise') throw new Error('the keychain is locked');
    this.value = Math.max(this.value ?? 0, to);
  }
}

const code = (error: unknown) => (error as { code?: string }).code;
const refused = (call: Promise<unknown>) => expect(call).rejects.toMatchObject({ code: 'store-rolled-back' });

/** The store goes back to the snapshot, and the client's process is a new one. */
async function rollBack(client: Client, snapshot: MemorySnapshot, options: Parameters<Client['crash']>[0] = {}) {
  client.memory.restore(snapshot);
  await client.crash(options);
}

function decoded(memory: SharedMemory, jid: string) {
  const keys = recordKeys(jid);
  const find = (key: string) => memory.snapshot().find((record) => record.key === key)!;
  return { identity: identityRecord.decode(find(keys.identity)), bundle: bundleRecord.decode(find(keys.bundle)) };
}

/** Alice's store is put back to before a stranger's key exchange used one of her pre-keys. */
async function putBackBeforeKeyExchange() {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const snapshot = alice.memory.snapshot();
  const carol = await world.client('carol@example.com/desk');
  await carol.omemo.start();
  await carol.say(alice.jid, 'hello from a stranger');
  await world.calm();
  expect(alice.texts).toEqual(['hello from a stranger']);
  await rollBack(alice, snapshot);
  return { world, alice, bob, carol };
}

describe('the published bundle as witness', () => {
  test('start refuses the copy, and so does every use of it, in other processes too', async () => {
    const { world, alice, bob } = await putBackBeforeKeyExchange();
    await expect(alice.omemo.start()).rejects.toSatisfy(
      (error) => isOmemoError(error, 'store-rolled-back') && error.details.witness === 'published-bundle',
    );
    const marked = alice.memory.snapshot();
    await alice.crash();
    await bob.say(alice.jid, 'are you there?');
    await world.quiet();
    expect(alice.errors.map(code)).toEqual(['store-rolled-back']);
    await refused(alice.omemo.start());
    await refused(alice.omemo.encrypt({ to: bob.jid, content: [body('no')] }));
    await refused(alice.omemo.encryptPayload([bob.jid], new Uint8Array(4)));
    await refused(alice.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId }));
    await refused(alice.omemo.settle());
    await refused(alice.omemo.flush());
    await refused(alice.omemo.rotateSignedPreKey());
    expect(alice.memory.snapshot()).toEqual(marked);
  });

  test('send and flush before start compare first: nothing of an old copy leaves', async () => {
    const { world, alice, bob } = await putBackBeforeKeyExchange();
    const left: string[] = [];
    world.server.watch(({ direction, jid, stanza }) => {
      if (direction === 'to-server' && jid.startsWith(alice.jid) && stanza.is('message')) left.push(stanza.toString());
    });
    const sent = await alice.say(bob.jid, 'too early');
    expect(sent).toMatchObject({ delivery: 'queued', cause: { code: 'store-rolled-back' } });
    await refused(alice.omemo.flush());
    await world.quiet();
    expect(left).toEqual([]);
    expect((await alice.omemo.heal()).discarded).toEqual([sent.id]);
  });

  test('what was not used since the copy was made is no copy: nothing is refused', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.crash();
    await alice.omemo.start();
    await alice.say(bob.jid, 'still here');
    await world.calm();
    expect(bob.texts).toEqual(['still here']);
  });

  test.each(['bundle of another identity', 'unsigned bundle', 'no bundle'])('%s is no witness', async (what) => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.rotateSignedPreKey();
    await alice.omemo.settle();
    const node = 'urn:xmpp:omemo:2:bundles';
    const itemId = String(alice.omemo.deviceId);
    const [own] = await alice.connection.transport.fetch({ jid: alice.jid, node, itemIds: [itemId] });
    const [other] = await alice.connection.transport.fetch({ jid: bob.jid, node });
    const forged = own!.payload;
    forged.getChild('spk')!.attrs['id'] = '4000000';
    if (what === 'unsigned bundle') forged.getChild('spks')!.children = ['AAAA'];
    if (what === 'no bundle') forged.children.splice(0);
    const payload = what === 'bundle of another identity' ? other!.payload : forged;
    await alice.connection.transport.publish({ node, item: { id: itemId, payload } });
    await alice.crash();
    await alice.omemo.start();
    const [now] = await alice.connection.transport.fetch({ jid: alice.jid, node, itemIds: [itemId] });
    expect(now!.payload.getChild('spk')?.attrs['id']).toBe('2');
  });

  test('heal goes on as a new device: nothing is used twice, contacts reach it, the old id is gone', async () => {
    const { world, alice, bob, carol } = await putBackBeforeKeyExchange();
    const waiting = await alice.omemo.encrypt({ to: bob.jid, content: [body('never sent')] }).catch(() => undefined);
    await expect(alice.omemo.heal()).rejects.toMatchObject({ code: 'invalid-argument' });
    await refused(alice.omemo.start());
    const before = alice.omemo.deviceId;
    const highest = Math.max(...(await publishedPreKeyIds(alice, before)));

    const { deviceId, discarded } = await alice.omemo.heal();
    expect(discarded).toEqual([waiting!.id]);
    expect(deviceId).not.toBe(before);
    await alice.omemo.start();
    await world.calm();
    expect(alice.omemo.deviceId).toBe(deviceId);
    expect(await publishedPreKeyIds(alice, before)).toEqual([]);
    expect(Math.min(...(await publishedPreKeyIds(alice, deviceId)))).toBeGreaterThan(highest);
    expect(decoded(alice.memory, alice.jid).identity).toMatchObject({ formerDeviceIds: [], rolledBack: undefined });

    await alice.say(bob.jid, 'back again');
    await bob.say(alice.jid, 'welcome');
    await carol.say(alice.jid, 'from the stranger');
    await world.calm();
    expect(bob.texts).toEqual(['back again']);
    expect(alice.texts.slice(1)).toEqual(['welcome', 'from the stranger']);
    const addressed = world.spent.emitted.filter(({ rid }) => rid === before);
    expect(addressed.every(({ from }) => from !== alice.jid)).toBe(true);
    const devices = await bob.omemo.devices(alice.jid, { refresh: 'always' });
    expect(devices.filter(({ listed }) => listed).map((device) => device.deviceId)).toEqual([deviceId]);
  });

  test.each([2 ** 30 - 1, 2 ** 30, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 32 - 1])(
    'heal ends with a device that works whatever ids its former bundle shows: %i (S28)',
    async (id) => {
      const { world, alice, bob, carol } = await putBackBeforeKeyExchange();
      const node = 'urn:xmpp:omemo:2:bundles';
      const itemId = String(alice.omemo.deviceId);
      const [item] = await alice.connection.transport.fetch({ jid: alice.jid, node, itemIds: [itemId] });
      const payload = item!.payload;
      payload.getChild('spk')!.attrs['id'] = String(id);
      payload.getChild('prekeys')!.getChildren('pk').at(-1)!.attrs['id'] = String(id);
      await alice.connection.transport.publish({ node, item: { id: itemId, payload } });
      await refused(alice.omemo.start());
      const { deviceId } = await alice.omemo.heal();
      await alice.omemo.start();
      await world.calm();
      const ids = await publishedPreKeyIds(alice, deviceId);
      expect(ids).toHaveLength(25);
      expect(Math.max(...ids)).toBeLessThan(2 ** 30 + 100);
      await alice.omemo.rotateSignedPreKey();
      await alice.omemo.settle();
      await carol.say(alice.jid, 'to the new device');
      await alice.say(bob.jid, 'back again');
      await world.calm();
      expect([alice.texts.at(-1), bob.texts.at(-1)]).toEqual(['to the new device', 'back again']);
    },
  );

  test('an application that knows without a witness says so, and no key is used twice', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const snapshot = alice.memory.snapshot();
    await alice.say(bob.jid, 'after the copy');
    await world.calm();
    await rollBack(alice, snapshot);
    await expect(alice.omemo.heal()).rejects.toMatchObject({ code: 'invalid-argument' });
    await alice.omemo.heal({ witness: 'application' });
    await alice.omemo.start();
    await alice.say(bob.jid, 'after the healing');
    await world.calm();
    expect(bob.texts).toEqual(['after the copy', 'after the healing']);
  });

  test('trust and the inbox survive the healing', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
    await bob.say(alice.jid, 'not acknowledged');
    await world.quiet();
    const snapshot = alice.memory.snapshot();
    await alice.omemo.rotateSignedPreKey();
    await alice.omemo.settle();
    await rollBack(alice, snapshot);
    await refused(alice.omemo.start());
    await alice.omemo.heal();
    await alice.omemo.start();
    await world.calm();
    const [entry] = await alice.omemo.inbox();
    expect(entry).toMatchObject({ type: 'message', id: (alice.results.at(0) as { id: string }).id });
    const [device] = await alice.omemo.devices(bob.jid);
    expect(device).toMatchObject({ deviceId: bob.omemo.deviceId, trust: 'verified' });
  });

  test('a crash at any commit of the healing leaves the store refused or healed', async () => {
    const { alice, bob } = await putBackBeforeKeyExchange();
    const { id } = await alice.omemo.encrypt({ to: bob.jid, content: [body('waits')] });
    await refused(alice.omemo.start());
    const marked = alice.memory.snapshot();
    for (let commits = 0; ; commits++) {
      const memory = new SharedMemory();
      memory.restore(marked);
      let left = commits;
      const store = memory.open({
        pause: ({ operation, when }) => {
          if (operation === 'commit' && when === 'before' && left-- === 0) throw new Error('killed');
        },
      });
      await alice.crash({ store });
      const healed = await alice.omemo.heal().then(
        () => true,
        () => false,
      );
      await alice.crash({ store: memory.open() });
      if (healed) {
        expect(commits).toBeGreaterThan(3);
        break;
      }
      await refused(alice.omemo.encryptPayload([alice.jid], new Uint8Array(4)));
      // What a crash interrupted is told whole by the next call.
      expect((await alice.omemo.heal()).discarded).toEqual([id]);
    }
  });

  test('of two processes that heal at once one is told what to send again', async () => {
    const { alice, bob } = await putBackBeforeKeyExchange();
    const { id } = await alice.omemo.encrypt({ to: bob.jid, content: [body('waits')] });
    await refused(alice.omemo.start());
    const first = alice.omemo;
    await alice.crash();
    const healed = await Promise.allSettled([first.heal(), alice.omemo.heal()]);
    const told = healed.flatMap((one) => (one.status === 'fulfilled' ? one.value.discarded : []));
    expect(told).toEqual([id]);
    const ids = new Set(healed.flatMap((one) => (one.status === 'fulfilled' ? [one.value.deviceId] : [])));
    expect(ids.size).toBe(1);
  });

  test('a process that heals slowly leaves alone what another has begun since', async () => {
    const { world, alice, bob } = await putBackBeforeKeyExchange();
    await refused(alice.omemo.start());
    const fast = alice.omemo;
    let commits = 0;
    const store = alice.memory.open({
      pause: async ({ operation, when }) => {
        // Before its second commit the other one heals, starts and talks.
        if (operation !== 'commit' || when !== 'before' || ++commits !== 2) return;
        await fast.heal();
        await fast.start();
        await fast.send({ to: bob.jid, content: [body('first again')] });
      },
    });
    await alice.crash({ store });
    await alice.omemo.heal();
    expect(commits).toBeGreaterThan(1);
    expect(alice.omemo.deviceId).toBe(fast.deviceId);
    await alice.omemo.start();
    await world.calm();
    await bob.say(alice.jid, 'reads on');
    const dave = await world.client('dave@example.com/desk');
    await dave.omemo.start();
    await dave.say(alice.jid, 'a new session');
    await world.calm();
    expect(bob.texts).toEqual(['first again']);
    expect(alice.texts.slice(-2)).toEqual(['reads on', 'a new session']);
  });
});

describe('a counter outside the store as witness', () => {
  async function counted() {
    const world = new World();
    const rollbackCounter = new OutsideCounter();
    const alice = await world.client('alice@example.org/phone', { rollbackCounter });
    const bob = await world.client('bob@example.net/desk');
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    return { world, rollbackCounter, alice, bob };
  }

  test('one message sent since the copy is enough, also where no bundle changed', async () => {
    const { world, rollbackCounter, alice, bob } = await counted();
    await alice.say(bob.jid, 'first');
    await bob.say(alice.jid, 'answer');
    await world.calm();
    const snapshot = alice.memory.snapshot();
    await alice.say(bob.jid, 'second');
    await world.calm();
    await rollBack(alice, snapshot);
    // Without the counter nobody notices, and the message key of "second" would be used again.
    await alice.omemo.start();
    await rollBack(alice, snapshot, { rollbackCounter });
    await refused(alice.omemo.encrypt({ to: bob.jid, content: [body('third')] }));
    await refused(alice.omemo.start());

    await alice.omemo.heal();
    await alice.omemo.start();
    await alice.say(bob.jid, 'third');
    await world.calm();
    expect(bob.texts).toEqual(['first', 'second', 'third']);
    await alice.crash({ rollbackCounter });
    await alice.omemo.start();
  });

  test('a store put back under a running process is told at the next start', async () => {
    const { world, alice, bob } = await counted();
    await alice.say(bob.jid, 'first');
    await world.calm();
    const snapshot = alice.memory.snapshot();
    await alice.say(bob.jid, 'second');
    alice.memory.restore(snapshot);
    await refused(alice.omemo.start());
  });

  test('a counter that cannot be raised keeps the message inside; one that cannot be read is told', async () => {
    const { world, rollbackCounter, alice, bob } = await counted();
    rollbackCounter.failing = 'raise';
    await expect(alice.say(bob.jid, 'lost key')).rejects.toMatchObject({ code: 'witness-unavailable' });
    expect(await alice.omemo.outbox()).toEqual([]);
    rollbackCounter.failing = 'read';
    await expect(alice.omemo.start()).rejects.toMatchObject({ code: 'witness-unavailable' });
    rollbackCounter.failing = 'nothing';
    await alice.omemo.start();
    await alice.say(bob.jid, 'again');
    await world.calm();
    expect(bob.texts).toEqual(['again']);
  });

  test('a process that died between commit and raising sends only after it raised', async () => {
    const { world, rollbackCounter, alice, bob } = await counted();
    await alice.say(bob.jid, 'one');
    await world.calm();
    const raised = rollbackCounter.value!;
    alice.connection.disconnect();
    await alice.say(bob.jid, 'two').catch(() => undefined);
    rollbackCounter.value = raised;
    const atSending: (number | undefined)[] = [];
    world.server.watch(({ direction, stanza }) => {
      if (direction === 'to-server' && stanza.is('message')) atSending.push(rollbackCounter.value);
    });
    alice.connection.reconnect();
    await alice.crash({ rollbackCounter });
    await alice.omemo.start();
    await world.calm();
    expect(bob.texts).toEqual(['one', 'two']);
    expect(atSending[0]).toBeGreaterThan(raised);
  });

  test('a counter that is new, or belongs to a device that is new, is adopted', async () => {
    const { world, alice, bob } = await counted();
    const fresh = new OutsideCounter();
    await alice.crash({ rollbackCounter: fresh });
    await alice.omemo.start();
    fresh.value = 1_000;
    const third = await world.client('carol@example.com/desk', { rollbackCounter: fresh });
    await third.omemo.start();
    await third.say(bob.jid, 'hi');
    await world.calm();
    expect(fresh.value).toBeGreaterThan(1_000);
    await third.crash({ rollbackCounter: fresh });
    await third.omemo.start();
  });
});

async function publishedPreKeyIds(client: Client, deviceId: number): Promise<number[]> {
  const node = 'urn:xmpp:omemo:2:bundles';
  const items = await client.connection.transport.fetch({ jid: client.jid, node, itemIds: [String(deviceId)] });
  const keys =
    items
      .find(({ id }) => id === String(deviceId))
      ?.payload.getChild('prekeys')
      ?.getChildren('pk') ?? [];
  return keys.map(({ attrs }) => Number(attrs['id']));
}
