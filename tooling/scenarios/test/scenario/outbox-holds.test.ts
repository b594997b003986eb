import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { World } from '../../src/world.ts';

const held = async (client: Client) =>
  (await client.omemo.outbox()).filter(({ empty }) => !empty).map((entry) => [entry.id, entry.held]);

/** Waits until a fault holds something back. */
async function heldBack(hold: { readonly stanzas: readonly Element[] }): Promise<void> {
  for (let turn = 0; turn < 10_000 && hold.stanzas.length === 0; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  expect(hold.stanzas.length).toBeGreaterThan(0);
}

describe('an opt-out', () => {
  /** Bob wrote without a connection; Alice asked for plain text meanwhile, which he has read. */
  async function queuedAndOptedOut() {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.connection.disconnect();
    expect(await bob.say(alice.jid, 'a secret', 'm1')).toMatchObject({ delivery: 'queued' });
    await alice.omemo.optOut.send({ to: bob.jid });
    bob.connection.reconnect();
    await world.quiet();
    expect(await bob.omemo.optOut.of(alice.jid)).toMatchObject({ confirmed: false });
    return { world, alice, bob };
  }

  test('holds what was queued before it, over crashes, and shows why; it goes once the user resumes (R98, X44)', async () => {
    const { world, alice, bob } = await queuedAndOptedOut();
    await bob.crash();
    await bob.omemo.start();
    expect(await bob.omemo.flush()).toBe(0);
    await world.calm();
    expect(alice.texts).toEqual([]);
    expect(await held(bob)).toEqual([['m1', 'opted-out']]);
    // Agreeing to plain text is no reason to send what was meant to be encrypted.
    await bob.omemo.optOut.confirm(alice.jid);
    expect(await bob.omemo.resend(['m1'])).toBe(0);
    await bob.omemo.optOut.resume(alice.jid);
    await world.calm();
    expect([alice.texts, await held(bob)]).toEqual([['a secret'], []]);
  });

  test('keeps nobody else waiting, nor empty messages, and what it holds can be discarded (R98, R99)', async () => {
    const { world, alice, bob } = await queuedAndOptedOut();
    const carol = await world.client('carol@example.org/x');
    await carol.omemo.start();
    await world.calm();
    await bob.say(carol.jid, 'hello');
    await world.calm();
    bob.connection.disconnect();
    await bob.say(carol.jid, 'to somebody else', 'm2');
    bob.connection.reconnect();
    await bob.omemo.start();
    await world.calm();
    expect([carol.texts, await held(bob)]).toEqual([['hello', 'to somebody else'], [['m1', 'opted-out']]]);
    await bob.omemo.discard(['m1']);
    await bob.omemo.optOut.resume(alice.jid);
    await world.calm();
    expect([alice.texts, await bob.omemo.outbox()]).toEqual([[], []]);
  });

  test('that is read while a message waits to leave holds it: its sender is told (R98)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    // A new process asks the server for its bundle before anything leaves it (S28).
    await bob.crash();
    const bundle = world.server.faults.hold({
      jid: bob.jid,
      direction: 'to-server',
      matches: (stanza) => stanza.attrs['type'] === 'get' && stanza.toString().includes(':bundles'),
    });
    const sending = bob.say(alice.jid, 'a secret', 'm1');
    await heldBack(bundle);
    await alice.omemo.optOut.send({ to: bob.jid });
    await world.quiet();
    expect(await bob.omemo.optOut.of(alice.jid)).toBeDefined();
    bundle.stop();
    bundle.release();
    expect(await sending).toMatchObject({ delivery: 'queued', cause: { code: 'opted-out' } });
    await world.quiet();
    expect([alice.texts, await held(bob)]).toEqual([[], [['m1', 'opted-out']]]);
  });

  test('of ours holds what was queued before, and goes itself (R95, R98)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.connection.disconnect();
    await bob.say(alice.jid, 'a secret', 'm1');
    await bob.omemo.optOut.send({ to: alice.jid });
    bob.connection.reconnect();
    await bob.omemo.start();
    await world.calm();
    expect(alice.results.filter(({ type }) => type === 'message')).toMatchObject([{ optOut: {} }]);
    expect(await held(bob)).toEqual([['m1', 'opted-out']]);
  });
});
