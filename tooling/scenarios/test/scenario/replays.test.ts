import { encodeBase64 } from '@omemo-kit/omemo-wire';
import { randomBytes, x25519, x25519KeyPair } from '@omemo-kit/primitives';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import { aliasesOf, lowOrderKeys } from '../../src/curve-aliases.ts';
import { keyExchangeIn, withKeyExchange, withRatchetMessage } from '../../src/rewrite-key.ts';
import { copyOf, encryptedIn, keyElements, setText } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const isEncrypted = (stanza: Element) => encryptedIn(stanza) !== undefined;

/** Bob's device with messages of Alice's that are delivered and not read. */
async function waiting(...texts: string[]) {
  const world = new World();
  const [alice, bob] = await world.pair();
  bob.deaf();
  for (const text of texts) await alice.say(bob.jid, text);
  await world.quiet();
  const stanzas = bob.received.filter(isEncrypted);
  const rid = bob.omemo.deviceId;
  return { world, alice, bob, stanzas, rid };
}

test('the 15 other encodings of a key lead to the same secret, whoever computes it', () => {
  const pair = x25519KeyPair(randomBytes(32));
  const { canonical, highBit } = aliasesOf(pair.publicKey);
  const other = x25519KeyPair(randomBytes(32)).privateKey;
  const secret = x25519(other, pair.publicKey);
  for (const alias of [...canonical, ...highBit]) expect(x25519(other, alias).equals(secret)).toBe(true);
  expect(new Set([pair.publicKey, ...canonical, ...highBit].map((bytes) => encodeBase64(bytes))).size).toBe(16);
});

describe('a key exchange', () => {
  test('whose inner message does not authenticate changes nothing and costs no pre-key (S16)', async () => {
    const { bob, stanzas, rid } = await waiting('hello');
    const before = bob.memory.snapshot();
    const forged = withRatchetMessage(stanzas[0]!, rid, { ciphertext: new Uint8Array(64) });
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'not-authentic' });
    expect(bob.memory.snapshot()).toEqual(before);
    expect(await bob.omemo.receive(stanzas[0]!)).toMatchObject({ type: 'message' });
  });

  test('with a forged inner message leaves the session there is as it was (S16)', async () => {
    const world = new World();
    const [alice, bob] = await world.acquainted();
    bob.deaf();
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await alice.say(bob.jid, 'new');
    await world.quiet();
    const stanza = bob.received.find(isEncrypted)!;
    const before = bob.memory.snapshot();
    const forged = withRatchetMessage(stanza, bob.omemo.deviceId, { ciphertext: new Uint8Array(64) });
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'not-authentic' });
    expect(bob.memory.snapshot()).toEqual(before);
  });

  test.each(['live', 'catch-up'] as const)('in another encoding of ek replaces nothing (S05, %s)', async (delivery) => {
    const { bob, stanzas, rid } = await waiting('one', 'two');
    expect(await bob.omemo.receive(copyOf(stanzas[0]!), { delivery })).toMatchObject({ type: 'message' });
    const before = bob.memory.snapshot();
    const { canonical, highBit } = aliasesOf(keyExchangeIn(stanzas[0]!, rid).ek);
    expect(new Set([...canonical, ...highBit].map((bytes) => encodeBase64(bytes))).size).toBe(15);
    for (const ek of [...canonical, ...highBit]) {
      const result = await bob.omemo.receive(withKeyExchange(stanzas[0]!, rid, { ek }), { delivery });
      expect(['duplicate', 'failed']).toContain(result.type);
      expect(bob.memory.snapshot()).toEqual(before);
    }
  });

  test('whose second message comes in another encoding of ek is read on the same session (S05)', async () => {
    const { bob, stanzas, rid } = await waiting('one', 'two');
    await bob.omemo.receive(copyOf(stanzas[0]!), { delivery: 'catch-up' });
    const sessions = () => bob.memory.snapshot().filter(({ key }) => /\/session\//.test(key)).length;
    const preKeys = () =>
      bob.memory
        .snapshot()
        .map(({ key }) => key)
        .filter((key) => key.includes('/pre-key/'));
    const before = [sessions(), preKeys()];
    const { canonical } = aliasesOf(keyExchangeIn(stanzas[0]!, rid).ek);
    const results = [];
    for (const ek of canonical) {
      results.push(await bob.omemo.receive(withKeyExchange(stanzas[1]!, rid, { ek }), { delivery: 'catch-up' }));
    }
    expect(results.filter(({ type }) => type === 'message')).toHaveLength(1);
    expect(results.filter(({ type }) => type === 'duplicate')).toHaveLength(canonical.length - 1);
    expect([sessions(), preKeys()]).toEqual(before);
  });

  test('with a key of small order anywhere is refused and changes nothing (S01)', async () => {
    const { bob, stanzas, rid } = await waiting('one');
    const before = bob.memory.snapshot();
    for (const key of lowOrderKeys) {
      for (const forged of [
        withKeyExchange(stanzas[0]!, rid, { ek: key }),
        withKeyExchange(stanzas[0]!, rid, { ik: key }),
        withRatchetMessage(stanzas[0]!, rid, { dhPub: key }),
      ]) {
        expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed' });
        expect(bob.memory.snapshot()).toEqual(before);
      }
    }
  });

  test('on a pre-key that was used, or never was, is refused (S11)', async () => {
    const { alice, bob, world, stanzas, rid } = await waiting('one');
    await bob.omemo.receive(stanzas[0]!);
    await alice.omemo.replaceSessions({ jid: bob.jid });
    await alice.say(bob.jid, 'two');
    await world.quiet();
    const second = bob.received.filter(isEncrypted).at(-1)!;
    const before = bob.memory.snapshot();
    for (const pkId of [keyExchangeIn(stanzas[0]!, rid).pkId, 0, 5_000, 0xffff_ffff]) {
      const forged = withKeyExchange(second, rid, { pkId });
      expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'unknown-pre-key' });
    }
    const forged = withKeyExchange(second, rid, { spkId: 77 });
    expect(await bob.omemo.receive(forged)).toMatchObject({ type: 'failed', code: 'unknown-signed-pre-key' });
    expect(bob.memory.snapshot()).toEqual(before);
  });

  test.each(['live', 'catch-up'] as const)(
    'is replayed at every later step without effect (S15, %s)',
    async (delivery) => {
      const world = new World();
      const [alice, bob] = await world.pair();
      bob.deaf();
      const recorded: Element[] = [];
      const replayAll = async () => {
        for (const stanza of recorded) {
          const before = bob.memory.snapshot();
          const result = await bob.omemo.receive(copyOf(stanza), { delivery });
          expect(result).toMatchObject({ type: 'duplicate' });
          expect(bob.memory.snapshot()).toEqual(before);
        }
      };
      const read = async () => {
        await world.quiet();
        for (const stanza of bob.received.splice(0).filter(isEncrypted)) {
          expect(['message', 'empty']).toContain((await bob.omemo.receive(copyOf(stanza), { delivery })).type);
          recorded.push(stanza);
          await replayAll();
        }
      };
      for (let round = 0; round < 4; round++) {
        await alice.say(bob.jid, `a${round}`);
        await alice.say(bob.jid, `b${round}`);
        await read();
        await bob.omemo.settle();
        await bob.say(alice.jid, `c${round}`);
        await read();
        await alice.say(bob.jid, `d${round}`);
        await read();
        await alice.omemo.replaceSessions({ jid: bob.jid });
        await alice.omemo.settle();
        await read();
        await bob.omemo.rotateSignedPreKey();
        await bob.omemo.settle();
        await replayAll();
      }
      if (delivery === 'catch-up') await bob.omemo.finishCatchUp();
      await replayAll();
      await bob.crash();
      await replayAll();
    },
  );

  test('of a session that had to make room: its late message is no duplicate, for it was never read', async () => {
    const { world, alice, bob, stanzas } = await waiting('one', 'two');
    const delivery = 'catch-up' as const;
    await bob.omemo.receive(copyOf(stanzas[0]!), { delivery });
    for (let round = 0; round < 6; round++) {
      await alice.omemo.replaceSessions({ jid: bob.jid });
      await alice.say(bob.jid, `round ${round}`);
      await world.quiet();
      await bob.omemo.receive(bob.received.filter(isEncrypted).at(-1)!, { delivery });
    }
    const before = bob.memory.snapshot();
    expect(await bob.omemo.receive(copyOf(stanzas[1]!), { delivery })).toMatchObject({ type: 'failed' });
    expect(bob.memory.snapshot()).toEqual(before);
  });

  test('of two senders on one pre-key: both are read in catch-up, and the pre-key is gone after it (S14)', async () => {
    const world = new World();
    const { systemRandomness } = await import('@omemo-kit/omemo-core');
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
    const stanzas = bob.received.filter(isEncrypted);
    const used = `/pre-key/${keyExchangeIn(stanzas[0]!, bob.omemo.deviceId).pkId}`;
    expect(stanzas.map((stanza) => keyExchangeIn(stanza, bob.omemo.deviceId).pkId)).toEqual([1, 1]);
    const has = () => bob.memory.snapshot().some(({ key }) => key.endsWith(used));
    for (const stanza of stanzas) {
      expect(await bob.omemo.receive(stanza, { delivery: 'catch-up' })).toMatchObject({ type: 'message' });
    }
    expect(has()).toBe(true);
    await bob.omemo.finishCatchUp();
    expect(has()).toBe(false);
    await bob.omemo.settle();
    const bundle = world.server.node(bob.jid, 'urn:xmpp:omemo:2:bundles')!.items.get(String(bob.omemo.deviceId))!;
    const ids = bundle
      .getChild('prekeys')!
      .getChildElements()
      .map((pk) => pk.attrs['id']);
    expect(ids).not.toContain('1');
    expect(ids).toHaveLength(25);
  });
});

test('a message with the key of another one is refused (swapped keys)', async () => {
  const { bob, stanzas, rid } = await waiting('one', 'two');
  const before = bob.memory.snapshot();
  const swapped = copyOf(stanzas[0]!);
  setText(keyElements(encryptedIn(swapped)!, rid)[0], keyElements(encryptedIn(stanzas[1]!)!, rid)[0]!.text());
  expect(await bob.omemo.receive(swapped)).toMatchObject({ type: 'failed', code: 'not-authentic' });
  expect(bob.memory.snapshot()).toEqual(before);
});
