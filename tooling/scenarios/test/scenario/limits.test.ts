import { describe, expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { body, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const isEncrypted = (stanza: Parameters<typeof encryptedIn>[0]) => encryptedIn(stanza) !== undefined;

describe('a full box', () => {
  test('inbox refuses before anything of the message is consumed, and takes it when there is room', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await bob.crash({ limits: { maxInbox: 2 } });
    bob.deaf();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.quiet();
    const stanzas = bob.received.filter(isEncrypted);
    for (const stanza of stanzas.slice(0, 2)) await bob.omemo.receive(copyOf(stanza));
    const before = bob.memory.snapshot();
    await expect(bob.omemo.receive(copyOf(stanzas[2]!))).rejects.toMatchObject({ code: 'inbox-full' });
    expect(bob.memory.snapshot()).toEqual(before);
    // Copies of what was read are told as such all the same, and empty messages need no room.
    expect(await bob.omemo.receive(copyOf(stanzas[0]!))).toMatchObject({ type: 'duplicate' });
    const [first] = await bob.omemo.inbox();
    await bob.omemo.ack([first!.id]);
    expect(await bob.omemo.receive(copyOf(stanzas[2]!))).toMatchObject({ type: 'message' });
  });

  test('outbox refuses before any session moved', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.crash({ limits: { maxOutbox: 2 } });
    alice.connection.disconnect();
    for (const text of ['one', 'two']) expect((await alice.say(bob.jid, text)).delivery).toBe('queued');
    const before = alice.memory.snapshot();
    await expect(alice.say(bob.jid, 'three')).rejects.toMatchObject({ code: 'outbox-full' });
    expect(alice.memory.snapshot()).toEqual(before);
    alice.connection.reconnect();
    await alice.omemo.start();
    await alice.say(bob.jid, 'three');
    await world.calm();
    expect(bob.texts).toEqual(['one', 'two', 'three']);
  });

  test('an id that waits in the outbox is not given a second time', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.omemo.encrypt({ to: bob.jid, content: [body('one')], id: 'same' });
    const before = alice.memory.snapshot();
    const again = alice.omemo.encrypt({ to: bob.jid, content: [body('two')], id: 'same' });
    await expect(again).rejects.toMatchObject({ code: 'invalid-argument' });
    expect(alice.memory.snapshot()).toEqual(before);
  });

  test.each(['', '\ud800', ' ', '../x', 'ä/\u0000'])('a stanza id of %j ends in a typed error or works', async (id) => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const outcome = await alice.omemo
      .encrypt({ to: bob.jid, content: [body('one')], id })
      .then(() => 'worked')
      .catch((error) => `${error.name} ${error.code}`);
    expect(['worked', 'OmemoError invalid-argument']).toContain(outcome);
    if (outcome === 'worked') expect((await alice.omemo.outbox()).map((entry) => entry.id)).toEqual([id]);
  });
});

describe('an aborted call', () => {
  test('before its commit changes nothing', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const before = alice.memory.snapshot();
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(alice.omemo.send({ to: bob.jid, content: [body('x')] }, controller.signal)).rejects.toMatchObject({
      code: 'aborted',
    });
    await expect(alice.omemo.settle(controller.signal)).rejects.toMatchObject({ code: 'aborted' });
    expect(alice.memory.snapshot()).toEqual(before);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 8, 10, 14])(
    'after %i steps: either nothing was sent or the message waits',
    async (steps) => {
      const world = new World();
      const [alice, bob] = await world.pair();
      const controller = new AbortController();
      const pause = async () => {
        await undefined;
        if (steps-- === 0) controller.abort();
      };
      const omemo = await Client.omemoOn(alice.connection, alice.memory, { store: alice.memory.open({ pause }) });
      const outcome = await omemo.send({ to: bob.jid, content: [body('perhaps')] }, controller.signal).catch((e) => e);
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ code: 'aborted' });
        expect(await omemo.outbox()).toEqual([]);
        await world.calm();
        expect(bob.texts).toEqual([]);
      } else {
        await alice.omemo.flush();
        await omemo.flush();
        await world.calm();
        expect(bob.texts).toEqual(['perhaps']);
      }
    },
  );
});

describe('a closed Omemo', () => {
  test('finishes what is under way and refuses what comes after, and the store stays open', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const under = Promise.allSettled([
      alice.say(bob.jid, 'one'),
      alice.omemo.encryptPayload([bob.jid], new Uint8Array(1)),
    ]);
    await alice.omemo.close();
    await alice.omemo.close();
    for (const outcome of await under) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'closed' });
    }
    const calls: (() => Promise<unknown>)[] = [
      () => alice.omemo.start(),
      () => alice.omemo.settle(),
      () => alice.say(bob.jid, 'x'),
      () => alice.omemo.receive(body('x')),
      () => alice.omemo.encrypt({ to: bob.jid, content: [] }),
      () => alice.omemo.inbox(),
      () => alice.omemo.outbox(),
      () => alice.omemo.ack(['x']),
      () => alice.omemo.sent(['x']),
      () => alice.omemo.flush(),
      () => alice.omemo.devices(),
      () => alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'trusted' }),
      () => alice.omemo.replaceSessions({ jid: bob.jid }),
      () => alice.omemo.rotateSignedPreKey(),
      () => alice.omemo.finishCatchUp(),
      () => alice.omemo.encryptPayload([bob.jid], new Uint8Array(1)),
      () => alice.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'closed' });
    await alice.crash({ clock: () => Date.now() + 60_000 });
    await alice.omemo.start();
    await world.calm();
    await alice.say(bob.jid, 'two');
    await world.calm();
    expect(bob.texts.at(-1)).toBe('two');
  });
});

describe('limits', () => {
  test.each([{ preKeys: 24 }, { maxSkip: 0 }, { maxInbox: -1 }, { maxOutbox: Number.NaN }, { maxDevices: 1.5 }])(
    '%j are refused when the Omemo is opened',
    async (limits) => {
      const world = new World();
      await expect(world.client('alice@example.org/phone', { limits })).rejects.toMatchObject({
        code: 'invalid-argument',
      });
    },
  );

  test('skipped keys go after their lifetime, live, and not while an archive is read (S26)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await bob.crash({ limits: { skippedLifetime: 150 } });
    const skipped = () => bob.memory.snapshot().filter(({ key }) => key.includes('/skipped/')).length;
    const next = async (delivery: 'live' | 'catch-up') => {
      const { encrypted } = await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1));
      world.note(alice.jid, encrypted);
      const result = await bob.omemo.decryptPayload({ from: alice.jid, encrypted, delivery });
      if (result.type !== 'message') throw new Error(result.type);
      await bob.omemo.ack([result.id]);
    };
    const lost = [];
    for (let n = 0; n < 3; n++) lost.push(await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1)));
    await next('live');
    expect(skipped()).toBe(3);
    for (let n = 0; n < 300; n++) await next('catch-up');
    expect(skipped()).toBe(3);
    for (let n = 0; n < 130; n++) await next('live');
    expect(skipped()).toBe(0);
    const late = await bob.omemo.decryptPayload({ from: alice.jid, encrypted: lost[0]!.encrypted });
    expect(['duplicate', 'failed']).toContain(late.type);
  });

  test('a thousand skipped keys are kept for a session, and the oldest goes for one more (R22, R24)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const sent = new Map<number, Parameters<typeof bob.omemo.decryptPayload>[0]['encrypted']>();
    for (let n = 0; n < 1_003; n++) {
      sent.set(n, (await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1))).encrypted);
    }
    const read = async (index: number) =>
      (await bob.omemo.decryptPayload({ from: alice.jid, encrypted: sent.get(index)! })).type;
    const stored = () => bob.memory.snapshot().filter(({ key }) => key.includes('/skipped/')).length;
    expect([await read(1_000), stored()]).toEqual(['message', 1_000]);
    expect([await read(1_002), stored()]).toEqual(['message', 1_000]);
    expect([await read(0), await read(1), await read(1_001)]).toEqual(['duplicate', 'message', 'message']);
  });

  test('skipped keys beyond the limit of a session push the oldest out (R24)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await bob.crash({ limits: { maxSkip: 10, maxStoredSkipped: 6 } });
    const lost = [];
    for (let n = 0; n < 4; n++) lost.push((await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1))).encrypted);
    const { encrypted: first } = await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1));
    for (let n = 0; n < 5; n++) lost.push((await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1))).encrypted);
    const { encrypted: second } = await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1));
    const read = async (encrypted: typeof first) =>
      (await bob.omemo.decryptPayload({ from: alice.jid, encrypted })).type;
    expect([await read(first), await read(second)]).toEqual(['message', 'message']);
    expect(bob.memory.snapshot().filter(({ key }) => key.includes('/skipped/'))).toHaveLength(6);
    const types = [];
    for (const encrypted of lost) types.push(await read(encrypted));
    expect(types.slice(0, 3)).not.toContain('message');
    expect(types.slice(3)).toEqual(Array(6).fill('message'));
    expect(bob.memory.snapshot().filter(({ key }) => key.includes('/skipped/'))).toEqual([]);
  });
});
