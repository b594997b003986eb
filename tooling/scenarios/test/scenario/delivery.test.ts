import { describe, expect, test } from 'vitest';
import { withKey } from '../../src/rewrite-key.ts';
import { carbon, copyOf, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const isEncrypted = (stanza: Parameters<typeof encryptedIn>[0]) => encryptedIn(stanza) !== undefined;

describe('messages', () => {
  test('that arrive three times are read once, and every copy says which message it is', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    world.server.faults.duplicate({ direction: 'to-client', jid: bob.jid, matches: isEncrypted }, 3);
    for (const text of ['one', 'two']) await alice.say(bob.jid, text);
    await world.calm();
    expect(bob.texts).toEqual(['one', 'two']);
    const ids = bob.results.flatMap((result) => ('id' in result ? [result.id] : []));
    expect(bob.types.filter((type) => type === 'duplicate')).toHaveLength(4);
    expect(ids.slice(0, 3)).toEqual(Array(3).fill(ids[0]));
    expect(ids.slice(3, 6)).toEqual(Array(3).fill(ids[3]));
  });

  test('that come as a carbon copy as well are read once', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = bob.received.find(isEncrypted)!;
    expect(await bob.omemo.receive(carbon(bob.jid, 'received', stanza))).toMatchObject({ type: 'message' });
    expect(await bob.omemo.receive(copyOf(stanza))).toMatchObject({ type: 'duplicate', evidence: 'same-bytes' });
  });

  test('a copy whose outer layer is written otherwise is the same message under the same id', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = bob.received.find(isEncrypted)!;
    const first = await bob.omemo.receive(copyOf(stanza));
    // An unknown field of protobuf: number 15, a varint.
    const longer = withKey(stanza, bob.omemo.deviceId, (content) => Uint8Array.from([...content, 0x78, 0x01]));
    expect(await bob.omemo.receive(longer)).toMatchObject({ type: 'duplicate', unacknowledged: first });
  });

  test('in a carbon copy that somebody else made are refused', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const stanza = bob.received.find(isEncrypted)!;
    const forged = carbon(bob.jid, 'received', stanza);
    forged.attrs['from'] = 'mallory@example.com';
    const before = bob.memory.snapshot();
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'invalid', cause: { code: 'forged-forward' } });
    expect(bob.memory.snapshot()).toEqual(before);
  });

  test('sent while the device was offline are read when it is back, in order', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    bob.connection.disconnect();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.quiet();
    bob.connection.reconnect();
    await bob.omemo.start();
    await world.calm();
    expect(bob.texts).toEqual(['one', 'two', 'three']);
    const delayed = bob.results.flatMap((result) => (result.type === 'message' ? [result.delayedAt] : []));
    expect(delayed.every((stamp) => typeof stamp === 'number')).toBe(true);
  });

  test('that are lost cost themselves only', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const drop = world.server.faults.drop({ direction: 'to-client', jid: bob.jid, matches: isEncrypted, times: 2 });
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    drop.stop();
    await world.calm();
    await bob.say(alice.jid, 'four');
    await world.calm();
    await alice.say(bob.jid, 'five');
    await world.calm();
    expect(bob.texts).toEqual(['three', 'five']);
    expect(alice.texts).toEqual(['four']);
  });

  test('that change places are all read, and their skipped keys go with them', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const swap = world.server.faults.swap({ direction: 'to-client', jid: bob.jid, matches: isEncrypted });
    for (const text of ['one', 'two', 'three', 'four']) await alice.say(bob.jid, text);
    swap.stop();
    await world.calm();
    expect(bob.texts).toEqual(['two', 'one', 'four', 'three']);
    expect(bob.memory.snapshot().filter(({ key }) => key.includes('/skipped/'))).toEqual([]);
  });

  test('that come after the ratchet has turned several times are read', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const hold = world.server.faults.hold({
      direction: 'to-client',
      jid: bob.jid,
      matches: (stanza) => isEncrypted(stanza),
      times: 2,
    });
    await alice.say(bob.jid, 'late one');
    await alice.say(bob.jid, 'late two');
    for (const round of [1, 2, 3]) {
      await alice.say(bob.jid, `a${round}`);
      await world.calm();
      await bob.say(alice.jid, `b${round}`);
      await world.calm();
    }
    hold.release([1, 0]);
    await world.calm();
    expect(bob.texts).toEqual(['a1', 'a2', 'a3', 'late two', 'late one']);
    expect(bob.memory.snapshot().filter(({ key }) => key.includes('/skipped/'))).toEqual([]);
  });

  test('of which the first, with the key exchange, is lost are read from the second on', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    world.server.faults.drop({ direction: 'to-client', jid: bob.jid, matches: isEncrypted, times: 1 });
    await alice.say(bob.jid, 'lost');
    await alice.say(bob.jid, 'read');
    await world.calm();
    await bob.say(alice.jid, 'answer');
    await world.calm();
    expect([bob.texts, alice.texts]).toEqual([['read'], ['answer']]);
  });

  test('beyond the limit of skipped messages fail, change nothing, and are read on a replaced session', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await bob.crash({ limits: { maxSkip: 5, maxStoredSkipped: 5 } });
    const drop = world.server.faults.drop({ direction: 'to-client', jid: bob.jid, matches: isEncrypted });
    for (let n = 0; n < 7; n++) await alice.say(bob.jid, `lost ${n}`);
    drop.stop();
    const before = bob.memory.snapshot();
    await alice.say(bob.jid, 'too far');
    await world.quiet();
    expect(bob.results.at(-1)).toMatchObject({ type: 'failed', code: 'too-many-skipped' });
    expect(bob.memory.snapshot()).toEqual(before);
    await bob.omemo.replaceSessions({ jid: alice.jid });
    await world.calm();
    await alice.say(bob.jid, 'again');
    await world.calm();
    expect(bob.texts).toEqual(['again']);
  });

  test('to oneself reach the other own devices, and not the one that wrote them', async () => {
    const world = new World();
    const [phone, laptop] = await world.started('alice@example.org/phone', 'alice@example.org/laptop');
    const sent = await phone.say('alice@example.org', 'buy milk');
    expect(sent.devices).toEqual([{ jid: 'alice@example.org', deviceId: laptop.omemo.deviceId }]);
    await world.calm();
    expect(laptop.texts).toEqual(['buy milk']);
    expect(phone.texts).toEqual([]);
    expect(phone.types.filter((type) => type === 'failed')).toEqual([]);
  });

  test('for other devices only are told as such', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const late = await world.client('bob@example.net/late');
    await alice.say(bob.jid, 'before you came');
    await world.quiet();
    expect(late.results.at(-1)).toMatchObject({ type: 'not-for-this-device', jid: alice.jid });
  });
});

test('1,000 messages in one direction and back keep the records of a session as many and as small as at first', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const size = () =>
    bob.memory
      .snapshot()
      .filter(({ key }) => !key.includes('/seen/'))
      .reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  const before = size();
  for (let n = 0; n < 500; n++) {
    const { encrypted } = await alice.omemo.encryptPayload([bob.jid], new Uint8Array([n % 256]));
    world.note(alice.jid, encrypted);
    const result = await bob.omemo.decryptPayload({ from: alice.jid, encrypted });
    if (result.type !== 'message') throw new Error(result.type);
    await bob.omemo.ack([result.id]);
  }
  for (let n = 0; n < 500; n++) {
    const { encrypted } = await bob.omemo.encryptPayload([alice.jid], new Uint8Array([n % 256]));
    world.note(bob.jid, encrypted);
    expect((await alice.omemo.decryptPayload({ from: bob.jid, encrypted })).type).toBe('message');
  }
  expect(size()).toBeLessThan(before + 200);
  const seen = bob.memory.snapshot().filter(({ key }) => key.includes('/seen/'));
  expect(seen.length).toBeLessThanOrEqual(64);
  expect(Math.max(...seen.map(({ value }) => value.length))).toBeLessThanOrEqual(4 + 40 * 16);
});
