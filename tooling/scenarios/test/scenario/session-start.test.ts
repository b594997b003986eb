import { recordKeys } from '@omemo-kit/omemo-core/records';
import { describe, expect, test, vi } from 'vitest';
import { type Client, textOf } from '../../src/client.ts';
import { countSent } from '../../src/published.ts';
import { copyOf, deviceList, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const HOUR = 3_600_000;
const isEncrypted = (stanza: Parameters<typeof encryptedIn>[0]) => encryptedIn(stanza) !== undefined;

/** The sessions with another client are gone from the store, as after a loss of storage. */
function loseSessions(client: Client, ...others: readonly Client[]): void {
  const keys = others.map((other) => recordKeys(client.jid).session(other.jid, other.omemo.deviceId));
  client.memory.restore(client.memory.snapshot().filter(({ key }) => !keys.includes(key)));
}

const sessionRecords = (client: Client) => client.memory.snapshot().filter(({ key }) => key.includes('/session/'));

/** Alice and Bob who have talked; Bob has lost his sessions with her, and his clock is the test's. */
async function lost(options: Parameters<Client['crash']>[0] = {}) {
  const world = new World();
  const time = { now: Date.now() + HOUR };
  const [alice, bob] = await world.acquainted();
  const again = { clock: () => time.now, ...options };
  await bob.crash(again);
  bob.deaf();
  loseSessions(bob, alice);
  const say = async (text: string) => {
    await alice.say(bob.jid, text);
    await world.quiet();
    return bob.omemo.receive(bob.received.filter(isEncrypted).at(-1)!);
  };
  const starts = () => world.keys(bob, alice).filter(({ keyExchange }) => keyExchange).length;
  return { world, time, alice, bob, again, say, starts, before: starts() };
}

describe('a message from a device that there is no session with', () => {
  test('makes us start one and say so by an empty message; what the device writes next is read (R74, X39)', async () => {
    const { world, alice, bob, say } = await lost();
    expect(await say('lost')).toMatchObject({ type: 'failed', code: 'no-session', sessionOwed: true });
    expect(await bob.omemo.settle()).toEqual([]);
    expect(world.keys(bob, alice).at(-1)).toMatchObject({ keyExchange: true, content: false });
    await world.quiet();
    expect(alice.types.at(-1)).toBe('empty');
    expect(textOf(await say('read'))).toBe('read');
    await alice.omemo.settle();
    await bob.omemo.settle();
    // It was answered by the message, and nothing more is owed to anybody.
    expect(bob.memory.snapshot().filter(({ key }) => key.includes('/debt/answer/'))).toEqual([]);
  });

  test('is answered so without being asked: upkeep runs after it', async () => {
    const { world, alice, bob, say, starts, before } = await lost({ upkeep: 'automatic' });
    await say('lost');
    await vi.waitUntil(() => starts() > before);
    await world.quiet();
    expect([starts() - before, alice.types.at(-1)]).toEqual([1, 'empty']);
    await bob.omemo.close();
  });

  test('makes us start one an hour at most, also after a crash (R74, S30)', async () => {
    const { world, time, bob, again, say, starts, before } = await lost();
    // Alice hears of none of them.
    world.server.faults.drop({ direction: 'to-client', jid: 'alice@example.org', matches: isEncrypted });
    for (let n = 0; n < 5; n++) {
      await say(`message ${n}`);
      await bob.omemo.settle();
    }
    expect(starts() - before).toBe(1);
    const { alice } = { alice: world.clients[0]! };
    loseSessions(bob, alice);
    await say('after another loss');
    await bob.omemo.settle();
    expect(starts() - before).toBe(2);
    const record = sessionRecords(bob)[0]!;
    expect(record.key).toContain('alice');
    await bob.crash(again);
    time.now += HOUR;
    await say('much later');
    await bob.omemo.settle();
    // There is a session now: what it cannot read is a decryption error, which starts nothing (R131).
    expect(starts() - before).toBe(2);
  });

  test('makes us start so many an hour for the account, whoever wrote (R74, S30)', async () => {
    const world = new World();
    const time = { now: Date.now() + HOUR };
    const options = { clock: () => time.now, limits: { sessionStarts: 3 } };
    const bob = await world.client('bob@example.net/desk', options);
    await bob.omemo.start();
    const others: Client[] = [];
    for (let n = 0; n < 5; n++) others.push(await world.client(`friend${n}@example.org/x`));
    for (const other of others) {
      await other.omemo.start();
      await bob.say(other.jid, 'hello');
      await world.calm();
      await other.say(bob.jid, 'hello');
    }
    await world.calm();
    loseSessions(bob, ...others);
    const sent = countSent(world, bob);
    const writeAll = async () => {
      for (const other of others) await other.say(bob.jid, 'lost');
      await world.quiet();
      await bob.crash(options);
      await bob.omemo.settle();
    };
    await writeAll();
    expect(sent.messages).toBe(3);
    await writeAll();
    expect(sent.messages).toBe(3);
    time.now += HOUR;
    await writeAll();
    await world.calm();
    await writeAll();
    expect(bob.results.slice(-5).map(textOf)).toEqual(Array.from({ length: 5 }, () => 'lost'));
  });

  test('that is not listed starts none, and leaves nothing in the store (R74)', async () => {
    const { world, alice, bob, say } = await lost();
    const sent = countSent(world, bob);
    // Taken off her list by somebody.
    await alice.connection.transport.publish({
      node: 'urn:xmpp:omemo:2:devices',
      item: { id: 'current', payload: deviceList([4_711]) },
    });
    await world.quiet();
    expect(await bob.omemo.receive(bob.received.at(-1)!)).toMatchObject({ type: 'device-list', change: 'stale' });
    expect(await say('from nowhere')).toMatchObject({ type: 'failed', code: 'no-session', sessionOwed: true });
    expect(await bob.omemo.settle()).toEqual([]);
    expect(await say('from nowhere')).toMatchObject({ type: 'failed', code: 'no-session', sessionOwed: false });
    expect(await bob.omemo.settle()).toEqual([]);
    expect([sent.messages, sessionRecords(bob)]).toEqual([0, []]);
    expect(bob.memory.snapshot().filter(({ key }) => key.includes('/debt/'))).toEqual([]);
  });

  test('whose bundle is gone starts none, and it is asked for once an hour at most (R74, S30)', async () => {
    const { time, alice, bob, again, say, starts, before } = await lost();
    await alice.connection.transport.retract({
      node: 'urn:xmpp:omemo:2:bundles',
      itemId: String(alice.omemo.deviceId),
    });
    expect(await say('lost')).toMatchObject({ sessionOwed: true });
    expect(await bob.omemo.settle()).toEqual([]);
    let asked = 0;
    const { transport } = bob.connection;
    const fetch = transport.fetch.bind(transport);
    transport.fetch = (...request) => {
      asked += 1;
      return fetch(...request);
    };
    expect(await bob.omemo.settle()).toEqual([]);
    expect([asked, starts() - before]).toEqual([0, 0]);
    // Nor do her next messages make it ask before an hour is over, also after a crash (S30).
    await bob.crash(again);
    await bob.omemo.settle();
    asked = 0;
    for (let n = 0; n < 3; n++) {
      expect(await say(`message ${n}`)).toMatchObject({ sessionOwed: false });
      await bob.omemo.settle();
    }
    expect(asked).toBe(0);
    time.now += HOUR;
    expect(await say('an hour later')).toMatchObject({ sessionOwed: true });
  });

  test('stays owed one while there is no connection', async () => {
    const { world, bob, again, say, starts, before } = await lost();
    await say('lost');
    bob.connection.disconnect();
    expect(await bob.omemo.settle()).not.toEqual([]);
    bob.connection.reconnect();
    await bob.crash(again);
    await bob.omemo.start();
    await world.quiet();
    expect(starts() - before).toBe(1);
  });

  test('out of an archive is owed one at the end of it (R74, X46)', async () => {
    const { world, alice, bob, starts, before } = await lost();
    await alice.say(bob.jid, 'lost');
    await world.quiet();
    const archived = bob.received.filter(isEncrypted).at(-1)!;
    const result = await bob.omemo.receive(copyOf(archived), { delivery: 'catch-up' });
    expect(result).toMatchObject({ type: 'failed', sessionOwed: true });
    await bob.omemo.settle();
    expect(starts() - before).toBe(0);
    await bob.omemo.finishCatchUp();
    await bob.omemo.settle();
    expect(starts() - before).toBe(1);
  });

  test('made up by the hundred costs a few fetches, no session, and no record that stays (S30)', async () => {
    const { world, alice, bob } = await lost({ limits: { strangerSessionStarts: 4 } });
    await alice.say(bob.jid, 'real');
    await world.quiet();
    const encrypted = encryptedIn(bob.received.filter(isEncrypted).at(-1)!)!;
    let asked = 0;
    const { transport } = bob.connection;
    const fetch = transport.fetch.bind(transport);
    transport.fetch = (...request) => {
      asked += 1;
      return fetch(...request);
    };
    await bob.crash({ clock: () => Date.now() + HOUR, limits: { strangerSessionStarts: 4 } });
    await bob.omemo.settle();
    const records = bob.memory.snapshot().length;
    asked = 0;
    const sent = countSent(world, bob);
    for (let n = 0; n < 200; n++) {
      const result = await bob.omemo.decryptPayload({ from: `nobody${n}@spam.example`, encrypted });
      expect(result).toMatchObject({ type: 'failed', code: 'no-session', sessionOwed: n < 4 });
      await bob.omemo.settle();
    }
    // The list and the bundle of each, and once our own.
    expect(asked).toBeLessThanOrEqual(4 * 2 + 1);
    expect(sent.messages).toBe(0);
    // The two that count how many there were, and the empty lists of those that were asked for.
    expect(bob.memory.snapshot().length - records).toBeLessThanOrEqual(2 + 4);
  });

  test('made up by the hundred for strangers leaves contacts the sessions that they need (R74, S30)', async () => {
    const limits = { sessionStarts: 2, strangerSessionStarts: 3 };
    const { world, alice, bob, time, again, say, starts, before } = await lost({ limits });
    await alice.say(bob.jid, 'real');
    await world.quiet();
    const encrypted = encryptedIn(bob.received.filter(isEncrypted).at(-1)!)!;
    const flood = async () => {
      let owed = 0;
      for (let n = 0; n < 50; n++) {
        const result = await bob.omemo.decryptPayload({ from: `nobody${n}-${time.now}@spam.example`, encrypted });
        if (result.type === 'failed' && result.sessionOwed) owed += 1;
        await bob.omemo.settle();
      }
      return owed;
    };
    expect(await flood()).toBe(3);
    // A restart does not give them any back, and takes nothing from contacts.
    await bob.crash(again);
    expect(await flood()).toBe(0);
    expect(await say('lost')).toMatchObject({ type: 'failed', code: 'no-session', sessionOwed: true });
    await bob.omemo.settle();
    await world.quiet();
    expect([starts() - before, alice.types.at(-1)]).toEqual([1, 'empty']);
    expect(textOf(await say('read'))).toBe('read');
    // Theirs has its end too, and comes back by itself as the one of strangers does.
    time.now += HOUR;
    expect(await flood()).toBe(3);
  });

  test('counts as a contact of whom a key was verified or who was written to, and as a stranger otherwise (R74, S17)', async () => {
    const world = new World();
    const limits = { sessionStarts: 1, strangerSessionStarts: 1 };
    const bob = await world.client('bob@example.net/desk', { limits });
    await bob.omemo.start();
    const others: Client[] = [];
    for (const name of ['stranger', 'another', 'verified', 'written-to']) {
      const other = await world.client(`${name}@example.org/x`);
      await other.omemo.start();
      await other.say(bob.jid, 'hello');
      others.push(other);
    }
    await world.calm();
    const [, , verified, writtenTo] = others as [Client, Client, Client, Client];
    await bob.omemo.setTrust({ jid: verified.jid, identityKey: verified.omemo.identityKey, level: 'verified' });
    await bob.say(writtenTo.jid, 'hello');
    await world.calm();
    loseSessions(bob, ...others);
    await bob.crash({ limits });
    const owed: boolean[] = [];
    for (const other of others) {
      await other.say(bob.jid, 'lost');
      await world.quiet();
      const result = bob.results.at(-1);
      owed.push(result?.type === 'failed' && result.sessionOwed === true);
    }
    expect(owed).toEqual([true, false, true, false]);
  });

  test('that claims to be our own device starts none', async () => {
    const { world, alice, bob } = await lost();
    await alice.say(bob.jid, 'x');
    await world.quiet();
    const encrypted = copyOf(encryptedIn(bob.received.filter(isEncrypted).at(-1)!)!);
    encrypted.getChild('header')!.attrs['sid'] = String(bob.omemo.deviceId);
    const result = await bob.omemo.decryptPayload({ from: bob.jid, encrypted });
    expect(result).toMatchObject({ type: 'failed', code: 'no-session', sessionOwed: false });
  });
});
