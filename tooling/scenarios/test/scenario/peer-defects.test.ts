import {
  identityKeyPairFromScalar,
  identityKeyPairFromSeed,
  omemo2,
  systemRandomness,
  TransportError,
} from '@omemo-kit/omemo-core';
import { bundleRecord, preKeyRecord, recordKeys, sessionSetRecord } from '@omemo-kit/omemo-core/records';
import { NODE_BUNDLES, NODE_DEVICES, parseBundle } from '@omemo-kit/omemo-wire';
import * as primitives from '@omemo-kit/primitives';
import { type Element, parse } from 'ltx';
import { describe, expect, test, vi } from 'vitest';
import type { Client } from '../../src/client.ts';
import { distinctPreKeys } from '../../src/distinct-pre-keys.ts';
import { withBytes } from '../../src/mutations.ts';
import { keyExchangeIn, withKeyExchange, withRatchetMessage } from '../../src/rewrite-key.ts';
import { copyOf, encryptedIn, keyElements } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

/**
 * The defects that other implementations of OMEMO have or had, one by one: that we do not have it, and that we get along with
 * a peer that has.
 */

vi.mock('@omemo-kit/primitives', async (original) => {
  const real = await original<typeof primitives>();
  return { ...real, constantTimeEqual: vi.fn(real.constantTimeEqual) };
});

const isEncrypted = (stanza: Element) => encryptedIn(stanza) !== undefined;
const encryptedOf = (client: Client) => client.received.filter(isEncrypted);

/** Rewrites one record of a client's store, as a program with other rules would have left it. */
async function rewrite<T>(
  client: Client,
  { codec, key }: { codec: { version: number; encode(value: T): Uint8Array; decode(stored: never): T }; key: string },
  change: (value: T) => T,
): Promise<void> {
  const store = client.memory.open();
  const [stored] = await store.get([key]);
  if (stored === undefined) return;
  const value = codec.encode(change(codec.decode(stored as never)));
  const id = systemRandomness.commitId();
  await store.commit({ id, expect: [], put: [{ key, value, version: codec.version }], remove: [] });
}

/** Keeps one session with a device and forgets the others, as python-omemo does. */
function forgetOldSessions(client: Client, other: Client): Promise<void> {
  const key = recordKeys(client.jid).session(other.jid, other.omemo.deviceId);
  return rewrite(client, { codec: sessionSetRecord, key }, (set) => ({ ...set, sessions: set.sessions.slice(0, 1) }));
}

const bundleItem = (world: World, client: Client) =>
  world.server.node(client.jid, NODE_BUNDLES)!.items.get(String(client.omemo.deviceId))!;

async function bothStarted(world: World, options: Parameters<World['client']>[1] = {}) {
  const alice = await world.client('alice@example.org/phone', options);
  const bob = await world.client('bob@example.net/desk', options);
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  return [alice, bob] as const;
}

describe('1. key exchanges that cross end in a deadlock (twomemo)', () => {
  async function crossed(afterReading: (world: World, bob: Client, alice: Client) => Promise<void>) {
    const world = new World();
    const [alice, bob] = await bothStarted(world, { randomness: distinctPreKeys() });
    const hold = world.server.faults.hold({ direction: 'to-client', matches: isEncrypted });
    await Promise.all([alice.say(bob.jid, 'crossing'), bob.say(alice.jid, 'crossing')]);
    await world.server.settle();
    hold.release();
    hold.stop();
    await world.quiet();
    await afterReading(world, bob, alice);
    for (const client of [alice, bob]) await client.omemo.settle();
    await world.quiet();
    await afterReading(world, bob, alice);
    return { world, alice, bob };
  }

  async function talk(world: World, alice: Client, bob: Client) {
    for (let round = 0; round < 5; round++) {
      await alice.say(bob.jid, `a${round}`);
      await bob.say(alice.jid, `b${round}`);
      await world.calm();
    }
    const rounds = (name: string) => [0, 1, 2, 3, 4].map((round) => `${name}${round}`);
    expect(alice.texts).toEqual(['crossing', ...rounds('b')]);
    expect(bob.texts).toEqual(['crossing', ...rounds('a')]);
    expect([...alice.types, ...bob.types]).not.toContain('failed');
  }

  test('not here: every message is read, both ways', async () => {
    const { world, alice, bob } = await crossed(async () => {});
    await talk(world, alice, bob);
  });

  test('with a peer that keeps one session only: once it has answered, every message is read', async () => {
    const { world, alice, bob } = await crossed((_, peer, us) => forgetOldSessions(peer, us));
    // What we answered on the session that it has forgotten is lost, and nothing was in it.
    bob.results.splice(0, bob.results.length, ...bob.results.filter(({ type }) => type !== 'failed'));
    await talk(world, alice, bob);
  });
});

describe('2. pre-keys are not retained while an archive is read (twomemo)', () => {
  test('not here: a second key exchange on one is read, also after a restart in between', async () => {
    const world = new World();
    const randomness = { ...systemRandomness, choosePreKey: <T>(keys: readonly T[]) => keys[0] as T };
    const alice = await world.client('alice@example.org/phone', { randomness });
    const carol = await world.client('carol@example.org/phone', { randomness });
    const bob = await world.client('bob@example.net/desk');
    for (const client of [alice, carol, bob]) await client.omemo.start();
    await world.calm();
    bob.deaf();
    await alice.say(bob.jid, 'from Alice');
    await carol.say(bob.jid, 'from Carol');
    await world.quiet();
    const [first, second] = encryptedOf(bob) as [Element, Element];
    const preKeyOf = (stanza: Element) => keyExchangeIn(stanza, bob.omemo.deviceId).pkId;
    expect(preKeyOf(first)).toBe(preKeyOf(second));
    expect(await bob.omemo.receive(first, { delivery: 'catch-up' })).toMatchObject({ type: 'message' });
    await bob.crash();
    expect(await bob.omemo.receive(second, { delivery: 'catch-up' })).toMatchObject({ type: 'message' });
    await bob.omemo.finishCatchUp();
    // With a peer that retains none: a session by hand brings back what it could not read.
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await bob.omemo.settle();
    await alice.say(bob.jid, 'again');
    await world.quiet();
    expect(await bob.omemo.receive(encryptedOf(bob).at(-1)!)).toMatchObject({ type: 'message' });
  });
});

describe('3. identity keys with the sign bit set are rejected (libomemo.js)', () => {
  const seedWithSign = (sign: 0 | 1) => {
    for (;;) {
      const pair = identityKeyPairFromSeed(systemRandomness.identitySeed());
      if (pair.publicKey[31]! >> 7 === sign) return pair;
    }
  };
  const kinds = {
    'sign bit 1': () => seedWithSign(1),
    'sign bit 0': () => seedWithSign(0),
    'a Curve25519 key': () => identityKeyPairFromScalar(systemRandomness.identitySeed()),
  };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const pairs = names.flatMap((from) => names.map((to) => [from, to] as const));

  test.each(pairs)('not here: %s writes to %s, and is answered', async (from, to) => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone', { device: { identityKeyPair: kinds[from]() } });
    const bob = await world.client('bob@example.net/desk', { device: { identityKeyPair: kinds[to]() } });
    for (const client of [alice, bob]) await client.omemo.start();
    await world.calm();
    await alice.say(bob.jid, 'hello');
    await world.calm();
    await bob.say(alice.jid, 'hi');
    await world.calm();
    expect([alice.texts, bob.texts]).toEqual([['hi'], ['hello']]);
    // It is compared and trusted in the form with its sign.
    const [device] = await alice.omemo.devices(bob.jid);
    expect(device!.identityKey).toEqual(bob.omemo.identityKey);
  });
});

describe('4. pre-key id 0 breaks the handshake, and a missing pre-key is let through (libomemo.js, Converse)', () => {
  /** Bob's client gives ids from 0, as Converse does: his signed pre-key and his only offered pre-key have it. */
  async function withIdZero() {
    const world = new World();
    const [alice, bob] = await bothStarted(world);
    const keys = recordKeys(bob.jid);
    const store = bob.memory.open();
    let firstId = 0;
    await rewrite(bob, { codec: bundleRecord, key: keys.bundle }, (bundle) => {
      firstId = bundle.preKeys[0]!.id;
      const preKeys = [{ ...bundle.preKeys[0]!, id: 0 }, ...bundle.preKeys.slice(1)];
      return { ...bundle, preKeys, signedPreKey: { ...bundle.signedPreKey, id: 0 }, dirty: false };
    });
    const [old] = await store.get([keys.preKey(firstId)]);
    const preKey = preKeyRecord.encode({ ...preKeyRecord.decode(old!), id: 0 });
    const put = [{ key: keys.preKey(0), value: preKey, version: preKeyRecord.version }];
    await store.commit({ id: systemRandomness.commitId(), expect: [], put, remove: [] });
    const element = parse(bundleItem(world, bob).toString());
    element.getChild('spk')!.attrs['id'] = '0';
    for (const pk of element.getChild('prekeys')!.getChildren('pk')) {
      if (pk.attrs['id'] === String(firstId)) pk.attrs['id'] = '0';
      else element.getChild('prekeys')!.remove(pk);
    }
    const item = { id: String(bob.omemo.deviceId), payload: element };
    await bob.connection.transport.publish({ node: NODE_BUNDLES, item });
    return { world, alice, bob };
  }

  test('not here: a session with a peer that gives the id 0 is started, and read by its id', async () => {
    const { world, alice, bob } = await withIdZero();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const [stanza] = encryptedOf(bob) as [Element];
    expect(keyExchangeIn(stanza, bob.omemo.deviceId)).toMatchObject({ pkId: 0, spkId: 0 });
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
  });

  test('we give none, and a key exchange on a pre-key that is not there is refused (R07)', async () => {
    const world = new World();
    const [alice, bob] = await bothStarted(world);
    const bundle = parseBundle(bundleItem(world, bob));
    expect([bundle.spkId, ...bundle.preKeys.map(({ id }) => id)]).not.toContain(0);
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const [stanza] = encryptedOf(bob) as [Element];
    const before = bob.memory.snapshot();
    const forged = withKeyExchange(stanza, bob.omemo.deviceId, { pkId: 0 });
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'unknown-pre-key' });
    expect(bob.memory.snapshot()).toEqual(before);
  });
});

describe('5. repeated key exchanges do not say that they are one (QXmpp)', () => {
  test('a peer that leaves the kex attribute off the second and third is read, in one session', async () => {
    const world = new World();
    const [alice, bob] = await bothStarted(world);
    bob.deaf();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.quiet();
    const stanzas = encryptedOf(bob);
    // Ours do say so.
    expect(stanzas.map((stanza) => keyElements(encryptedIn(stanza)!)[0]!.attrs['kex'])).toEqual([
      'true',
      'true',
      'true',
    ]);
    for (const stanza of stanzas.slice(1)) delete keyElements(encryptedIn(stanza)!)[0]!.attrs['kex'];
    for (const stanza of stanzas) expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
    const key = recordKeys(bob.jid).session(alice.jid, alice.omemo.deviceId);
    const set = sessionSetRecord.decode(bob.memory.snapshot().find((record) => record.key === key)!);
    expect(set.sessions).toHaveLength(1);
  });

  test('a peer that says kex of what is none is read as well', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const [stanza] = encryptedOf(bob) as [Element];
    keyElements(encryptedIn(stanza)!)[0]!.attrs['kex'] = 'true';
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
  });
});

describe('6. the signed pre-key is erased when it is rotated, and its id stays 1 (QXmpp)', () => {
  test('not here: a key exchange on the one before is read, and ids are never given twice', async () => {
    const world = new World();
    const [alice, bob] = await bothStarted(world);
    bob.deaf();
    const ids = [parseBundle(bundleItem(world, bob)).spkId];
    await alice.say(bob.jid, 'on the way');
    await world.quiet();
    await bob.omemo.rotateSignedPreKey();
    await bob.omemo.settle();
    ids.push(parseBundle(bundleItem(world, bob)).spkId);
    const [stanza] = encryptedOf(bob) as [Element];
    expect(keyExchangeIn(stanza, bob.omemo.deviceId).spkId).toBe(ids[0]);
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
    await bob.omemo.rotateSignedPreKey();
    await bob.omemo.settle();
    ids.push(parseBundle(bundleItem(world, bob)).spkId);
    expect(new Set(ids).size).toBe(3);
  });

  test('with a peer whose id stays 1: its bundle is fetched for each new session, and never a cached key used', async () => {
    const world = new World();
    const [alice, bob] = await bothStarted(world);
    const rotateInPlace = async () => {
      await bob.omemo.rotateSignedPreKey();
      const key = recordKeys(bob.jid).bundle;
      await rewrite(bob, { codec: bundleRecord, key }, (bundle) => ({
        ...bundle,
        signedPreKey: { ...bundle.signedPreKey, id: 1 },
        previousSignedPreKeys: [],
      }));
      await bob.omemo.settle();
    };
    for (let round = 0; round < 3; round++) {
      await rotateInPlace();
      expect(parseBundle(bundleItem(world, bob)).spkId).toBe(1);
      await alice.omemo.replaceSessions({ jid: bob.jid });
      await alice.omemo.settle();
      await alice.say(bob.jid, `round ${round}`);
      await world.calm();
    }
    expect(bob.texts).toEqual(['round 0', 'round 1', 'round 2']);
  });
});

describe('7. pn is one too low (libomemo-c, libomemo.js)', () => {
  test('not here: after three messages it is 3', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    await alice.say(bob.jid, 'turns the ratchet');
    await world.calm();
    await bob.say(alice.jid, 'and again');
    await world.calm();
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.calm();
    await bob.say(alice.jid, 'an answer');
    await world.calm();
    bob.deaf();
    await alice.say(bob.jid, 'a new chain');
    await world.quiet();
    const header = omemo2.keys.readHeader(messageFor(bob, encryptedOf(bob).at(-1)!));
    expect(header).toMatchObject({ previousChainLength: 3, messageNumber: 0 });
  });

  test('with a peer that sends k - 1: the last message of a chain is read when it comes late', async () => {
    const world = new World();
    const { messageAead } = omemo2;
    const offByOne: typeof messageAead = {
      ...messageAead,
      seal: (input) => {
        const { header } = input;
        const previousChainLength = Math.max(0, header.previousChainLength - 1);
        return messageAead.seal({ ...input, header: { ...header, previousChainLength } });
      },
    };
    const alice = await world.client('alice@example.org/phone', { profile: { ...omemo2, messageAead: offByOne } });
    const bob = await world.client('bob@example.net/desk');
    for (const client of [alice, bob]) await client.omemo.start();
    await alice.say(bob.jid, 'hello');
    await world.calm();
    await bob.say(alice.jid, 'hi');
    await world.calm();
    const late = world.server.faults.hold({
      direction: 'to-client',
      jid: bob.jid,
      matches: isEncrypted,
      skip: 2,
      times: 1,
    });
    for (const text of ['one', 'two', 'three']) await alice.say(bob.jid, text);
    await world.calm();
    await bob.say(alice.jid, 'an answer');
    await world.calm();
    await alice.say(bob.jid, 'a new chain');
    await world.calm();
    expect(bob.texts.slice(1)).toEqual(['one', 'two', 'a new chain']);
    late.release();
    await world.calm();
    expect(bob.texts.at(-1)).toBe('three');
    expect(bob.types).not.toContain('failed');
  });

  function messageFor(client: Client, stanza: Element): Uint8Array {
    const device = { jid: client.jid as never, deviceId: client.omemo.deviceId };
    return omemo2.keys.read(omemo2.elements.readEncrypted(encryptedIn(stanza)!, device).key!).message;
  }
});

describe('8. the open session is corrupted when a kept one is tried (libomemo.js, libsignal-JS)', () => {
  test('not here: what no session reads changes none, and both kept sessions read on', async () => {
    const world = new World();
    const [alice, bob] = await bothStarted(world, { randomness: distinctPreKeys() });
    alice.deaf();
    bob.deaf();
    // Crossed, and several messages on each of the two sessions: both are live at both ends.
    for (let n = 1; n <= 3; n++) {
      await alice.say(bob.jid, `a${n}`);
      await bob.say(alice.jid, `b${n}`);
    }
    await world.quiet();
    const [toAlice, toBob] = [encryptedOf(alice), encryptedOf(bob)];
    expect([toAlice.length, toBob.length]).toEqual([3, 3]);
    await alice.omemo.receive(toAlice[0]!);
    await bob.omemo.receive(toBob[0]!);
    await alice.omemo.settle();
    await alice.say(bob.jid, 'on the session of Bob');
    await world.quiet();
    const [probe] = encryptedOf(bob).slice(-1) as [Element];
    // A ratchet key that no session knows makes every one of them step, and fail.
    const before = bob.memory.snapshot();
    const dhPub = primitives.x25519KeyPair(systemRandomness.ratchetKey()).publicKey;
    for (const n of [0, 1, 7]) {
      const forged = withRatchetMessage(probe, bob.omemo.deviceId, { dhPub, n });
      expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'not-authentic' });
    }
    expect(bob.memory.snapshot()).toEqual(before);
    for (const stanza of [probe, ...toBob.slice(1)]) {
      expect(await bob.omemo.receive(copyOf(stanza))).toMatchObject({ type: 'message' });
    }
    for (const stanza of toAlice.slice(1)) {
      expect(await alice.omemo.receive(copyOf(stanza))).toMatchObject({ type: 'message' });
    }
  });
});

describe('9. tags are compared byte by byte until one differs (twomemo)', () => {
  const constantTimeEqual = vi.mocked(primitives.constantTimeEqual);
  const isTag = ([a, b]: readonly Uint8Array[]) => a!.length === 16 && b!.length === 16;

  test('not here: wherever a tag of a key or payload is wrong, all of it is compared, with one outcome (S36)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const [stanza] = encryptedOf(bob) as [Element];
    const rid = bob.omemo.deviceId;
    const outcomes = new Set<string>();
    // The tag of a key is the first field of its authenticated message: 16 bytes behind a tag and a length.
    for (let byte = 0; byte < 16; byte++) {
      const forged = withBytes(stanza, { part: 'key', rid }, (bytes) => {
        const copy = Uint8Array.from(bytes);
        copy[2 + byte]! ^= 1;
        return copy;
      });
      constantTimeEqual.mockClear();
      const result = await bob.omemo.receive(forged);
      if (result.type !== 'failed') throw new TypeError(`byte ${byte} is not compared`);
      outcomes.add(`${result.code}: ${(result.cause as Error).message}`);
      expect(constantTimeEqual.mock.calls.filter(isTag).length).toBeGreaterThan(0);
    }
    expect([...outcomes]).toEqual(['not-authentic: no session reads this message']);
    const sealed = omemo2.sealPayload({ key: systemRandomness.payloadKey(), plaintext: new Uint8Array(5) });
    for (let byte = 32; byte < 48; byte++) {
      const keyMaterial = Uint8Array.from(sealed.keyMaterial);
      keyMaterial[byte]! ^= 1;
      constantTimeEqual.mockClear();
      expect(() => omemo2.openPayload({ keyMaterial, ciphertext: sealed.ciphertext })).toThrow();
      expect(constantTimeEqual.mock.calls.filter(isTag)).toHaveLength(1);
    }
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message' });
  });
});

describe('10. a device is listed whose bundle could not be published, and pre-keys are picked by Math.random (Converse)', () => {
  test('not here: without a bundle on the server the device is not announced', async () => {
    const world = new World();
    const alice = await world.client('alice@example.org/phone');
    const refusal = { condition: 'not-acceptable' };
    const isBundle = (stanza: Element) => stanza.is('iq') && stanza.toString().includes('<bundle');
    world.server.faults.fail({ direction: 'to-server', jid: alice.jid, matches: isBundle }, refusal);
    await expect(alice.omemo.start()).rejects.toBeInstanceOf(TransportError);
    const list = world.server.node(alice.jid, NODE_DEVICES)?.items.get('current');
    expect(list?.getChildren('device') ?? []).toEqual([]);
  });

  test('with a peer that lists such a device: its other ones are written to, and the sender is told', async () => {
    const world = new World();
    const [alice, bob] = await bothStarted(world);
    const list = parse(world.server.node(bob.jid, NODE_DEVICES)!.items.get('current')!.toString());
    list.c('device', { id: '4711' });
    await bob.connection.transport.publish({ node: NODE_DEVICES, item: { id: 'current', payload: list } });
    await world.calm();
    const { devices, skipped } = await alice.say(bob.jid, 'hello');
    expect(devices).toEqual([{ jid: bob.jid, deviceId: bob.omemo.deviceId }]);
    expect(skipped).toMatchObject([{ jid: bob.jid, deviceId: 4711, reason: 'no-bundle' }]);
    await world.calm();
    expect(bob.texts).toEqual(['hello']);
  });

  test('not here: nothing that decides or pads is drawn from Math.random', async () => {
    const random = vi.spyOn(Math, 'random').mockImplementation(() => {
      throw new TypeError('Math.random was asked');
    });
    try {
      const world = new World();
      const [alice, bob] = await bothStarted(world);
      await alice.say(bob.jid, 'hello');
      await world.calm();
      await alice.omemo.replaceSessions({ jid: bob.jid });
      await bob.omemo.rotateSignedPreKey();
      await bob.say(alice.jid, 'hi');
      await world.calm();
      expect([alice.texts, bob.texts]).toEqual([['hi'], ['hello']]);
      expect([...alice.errors, ...bob.errors]).toEqual([]);
    } finally {
      random.mockRestore();
    }
  });
});

describe('11. the identity key of a device is overwritten before its key exchange has authenticated (QXmpp)', () => {
  test('not here: a key exchange with a foreign identity key changes nothing', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    const mallory = identityKeyPairFromSeed(systemRandomness.identitySeed());
    bob.deaf();
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await alice.say(bob.jid, 'hello');
    await world.quiet();
    const [stanza] = encryptedOf(bob) as [Element];
    const before = bob.memory.snapshot();
    const forged = withKeyExchange(stanza, bob.omemo.deviceId, { ik: mallory.publicKey });
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed' });
    expect(bob.memory.snapshot()).toEqual(before);
    expect((await bob.omemo.devices(alice.jid))[0]!.identityKey).toEqual(alice.omemo.identityKey);
    expect(await bob.omemo.receive(stanza)).toMatchObject({ type: 'message', sender: { trust: 'trusted' } });
  });
});

describe('12. accounts in one page wait for one another, and for what has failed (libomemo.js)', () => {
  /** A store whose commits can be made to wait, or to fail. */
  async function twoAccounts() {
    const world = new World();
    const peer = await world.client('peer@example.net/x');
    const first = await world.client('first@example.org/page');
    const second = await world.client('second@example.org/page');
    for (const client of world.clients) await client.omemo.start();
    await world.calm();
    return { world, peer, first, second };
  }

  test('not here: one account goes on with a contact while another waits for its store over the same contact', async () => {
    const { world, peer, first, second } = await twoAccounts();
    const store = first.memory.open();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let waiting = false;
    const commit: typeof store.commit = async (batch) => {
      waiting = true;
      await released;
      return store.commit(batch);
    };
    await first.crash({
      store: { get: (keys) => store.get(keys), list: (prefix) => store.list(prefix), close: async () => {}, commit },
    });
    const stuck = first.say(peer.jid, 'from the first');
    await second.say(peer.jid, 'from the second');
    await world.quiet();
    expect(waiting).toBe(true);
    expect(peer.texts).toEqual(['from the second']);
    release();
    await stuck;
    await world.quiet();
    expect(peer.texts).toEqual(['from the second', 'from the first']);
  });

  test('not here: what comes after an operation that failed is done', async () => {
    const { world, peer, first } = await twoAccounts();
    const store = first.memory.open();
    let failures = 1;
    const commit: typeof store.commit = async (batch) => {
      if (failures-- > 0) throw new TypeError('the disk is on fire');
      return store.commit(batch);
    };
    await first.crash({
      store: { get: (keys) => store.get(keys), list: (prefix) => store.list(prefix), close: async () => {}, commit },
    });
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((text) => first.say(peer.jid, text)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await world.quiet();
    expect(peer.texts).toHaveLength(2);
  });
});
