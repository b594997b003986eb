import { systemRandomness } from '@omemo-kit/omemo-core';
import { recordKeys, trustRecord } from '@omemo-kit/omemo-core/records';
import { describe, expect, test } from 'vitest';
import { copyOf, deviceListEvent, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

describe('a peer that authenticates and means harm', () => {
  test('takes two ratchet keys in turns, skipping: reading ends in a result, not in an error', async () => {
    // Not under the oracle: this peer does use message keys twice.
    const world = new World();
    const fixed = [systemRandomness.ratchetKey(), systemRandomness.ratchetKey()] as const;
    let draws = 0;
    const mallory = await world.client('mallory@example.com/x', {
      randomness: { ...systemRandomness, ratchetKey: () => Uint8Array.from(fixed[draws++ % 2 === 0 ? 0 : 1]) },
    });
    const bob = await world.client('bob@example.net/desk', { limits: { contentionDeadline: 300 } });
    for (const client of [mallory, bob]) await client.omemo.start();
    await world.calm();
    const drop = {
      direction: 'to-client',
      jid: bob.jid,
      matches: (stanza: never) => encryptedIn(stanza) !== undefined,
    };
    for (let round = 0; round < 4; round++) {
      const lost = world.server.faults.drop(drop as never);
      await mallory.say(bob.jid, 'lost');
      await mallory.say(bob.jid, 'lost too');
      lost.stop();
      await mallory.say(bob.jid, `round ${round}`);
      await world.quiet();
      await bob.say(mallory.jid, `answer ${round}`);
      await world.quiet();
    }
    world.spent.violations.length = 0;
    expect(bob.errors).toEqual([]);
    expect(
      bob.results.every(({ type }) => ['message', 'empty', 'duplicate', 'failed', 'device-list'].includes(type)),
    ).toBe(true);
  });

  test('shows ever new identity keys on one device id: what is kept of them is bounded', async () => {
    const world = new World();
    const bob = await world.client('bob@example.net/desk');
    await bob.omemo.start();
    const deviceId = 1_234;
    for (let n = 0; n < 40; n++) {
      // The pre-key of the first one is not published any more; the others cost none.
      await bob.omemo.settle();
      const mallory = await world.client(`mallory@example.com/${n}`, { device: { deviceId } });
      const { encrypted } = await mallory.omemo.encryptPayload([bob.jid], new Uint8Array(1));
      const result = await bob.omemo.decryptPayload({ from: mallory.jid, encrypted });
      expect(n === 0 ? result.type : (result as { code: string }).code).toBe(n === 0 ? 'message' : 'identity-changed');
    }
    const key = recordKeys(bob.jid).trust('mallory@example.com');
    const record = trustRecord.decode(bob.memory.snapshot().find((one) => one.key === key)!);
    expect(record.keys.length).toBeLessThanOrEqual(32);
  });

  test('announces more devices than are considered: the list is not taken', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    await alice.crash({ limits: { maxDevices: 5 } });
    const before = alice.memory.snapshot();
    const event = deviceListEvent('stranger@example.com', [1, 2, 3, 4, 5, 6]);
    expect(await alice.omemo.receive(event)).toMatchObject({ type: 'invalid' });
    expect(alice.memory.snapshot()).toEqual(before);
    expect((await alice.omemo.devices(bob.jid)).length).toBe(1);
  });

  test('sends garbage by the hundred: no session is started and nothing is stored (S30)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = bob.received.find((one) => encryptedIn(one))!;
    const before = bob.memory.snapshot();
    const { withRatchetMessage } = await import('../../src/rewrite-key.ts');
    for (let n = 0; n < 200; n++) {
      const ciphertext = new Uint8Array(64).fill(n);
      const forged = withRatchetMessage(stanza, bob.omemo.deviceId, { ciphertext, n: n % 3 });
      expect((await bob.omemo.receive(forged)).type).toBe('failed');
    }
    expect(bob.memory.snapshot()).toEqual(before);
    const sent = world.keys(bob, alice).length;
    await bob.omemo.settle();
    expect(world.keys(bob, alice)).toHaveLength(sent);
    expect(await bob.omemo.receive(copyOf(stanza))).toMatchObject({ type: 'message' });
  });

  test('numbers a message 2^32 - 1: refused before anything is derived or stored (S24)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = bob.received.find((one) => encryptedIn(one))!;
    const { withRatchetMessage } = await import('../../src/rewrite-key.ts');
    const before = bob.memory.snapshot();
    for (const n of [0xffff_ffff, 0x8000_0000, 1_001]) {
      const forged = withRatchetMessage(stanza, bob.omemo.deviceId, { n });
      expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'too-many-skipped' });
    }
    expect(bob.memory.snapshot()).toEqual(before);
  });
});
