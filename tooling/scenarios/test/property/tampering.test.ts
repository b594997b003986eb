import { isItemsOf } from '@omemo-kit/loopback';
import type { ReceiveResult } from '@omemo-kit/omemo-core';
import { bareJid, type DeviceId, decodeBase64, parseXml } from '@omemo-kit/omemo-wire';
import * as fc from 'fast-check';
import type { Element } from 'ltx';
import { describe, expect, test } from 'vitest';
import type { Client } from '../../src/client.ts';
import { flipped, flippedText, meaning, withBytes } from '../../src/mutations.ts';
import { copyOf, encryptedIn, incoming, keyElements } from '../../src/stanzas.ts';
import { storeBytes } from '../../src/store-bytes.ts';
import { World } from '../../src/world.ts';

interface Target {
  readonly bob: Client;
  readonly stanza: Element;
  readonly rid: number;
}

/** Bob's device and a message for it that it has not read. */
async function target(kind: 'key exchange' | 'message' | 'empty message'): Promise<Target> {
  const world = new World();
  const [alice, bob] = kind === 'message' ? await world.acquainted() : await world.pair();
  bob.deaf();
  if (kind === 'empty message') {
    const encrypted = await alice.omemo.encryptEmpty({ jid: bob.jid, deviceId: bob.omemo.deviceId });
    return { bob, rid: bob.omemo.deviceId, stanza: incoming(alice.connection.jid, bob.jid, encrypted) };
  }
  await alice.say(bob.jid, 'the message');
  await world.quiet();
  return { bob, rid: bob.omemo.deviceId, stanza: bob.received.find((one) => encryptedIn(one))! };
}

/**
 * Hands in a changed message: it must not be read, must not throw, and must not change one stored byte. One that still
 * means the same is left alone.
 */
async function refuses({ bob, stanza, rid }: Target, changed: Element): Promise<string> {
  const recipient = { jid: bareJid(bob.jid), deviceId: rid as DeviceId };
  if (meaning(changed, recipient) === meaning(stanza, recipient)) return 'same';
  const before = storeBytes(bob.memory);
  const kept = encryptedSid(changed) === encryptedSid(stanza) ? undefined : bob.memory.snapshot();
  const result = await bob.omemo.receive(changed);
  if (kept !== undefined && relabelled(result, changed)) {
    bob.memory.restore(kept);
    return 'relabelled';
  }
  expect(['failed', 'invalid', 'ignored', 'not-for-this-device', 'duplicate']).toContain(result.type);
  expect(storeBytes(bob.memory)).toBe(before);
  if (result.type !== 'failed') return result.type;
  const { cause } = result as { cause?: { message?: string; code?: string } };
  return result.code === 'not-authentic' ? `not-authentic: ${cause?.code}: ${cause?.message}` : result.code;
}

const encryptedSid = (stanza: Element) => encryptedIn(stanza)?.getChild('header')?.attrs['sid'];

/** `sid` is not authenticated in a key exchange: it is then another device id of the same account and identity key. */
function relabelled(result: ReceiveResult, changed: Element): boolean {
  if (result.type !== 'message' && result.type !== 'empty') return false;
  return result.sender.deviceId === Number(encryptedSid(changed));
}

describe.each(['key exchange', 'message', 'empty message'] as const)(
  'a changed %s is refused without a trace',
  (kind) => {
    /** After everything it was offered, the device reads the message itself. */
    const readsIt = async ({ bob, stanza }: Target) => {
      const result = await bob.omemo.receive(copyOf(stanza));
      expect(result.type).toBe(kind === 'empty message' ? 'empty' : 'message');
    };

    test('each byte of its key', async () => {
      const victim = await target(kind);
      const { stanza, rid } = victim;
      const { length } = decodeBase64(keyElements(encryptedIn(stanza)!, rid)[0]!.text());
      for (let position = 0; position < length; position++) {
        const changed = withBytes(stanza, { part: 'key', rid }, (bytes) => flipped(bytes, position, position % 8));
        await refuses(victim, changed);
      }
      await readsIt(victim);
    });

    test('any bit of its key or payload, cut off or with bytes added', async () => {
      const victim = await target(kind);
      const { stanza, rid } = victim;
      const part =
        kind === 'empty message' ? fc.constant('key' as const) : fc.constantFrom('key' as const, 'payload' as const);
      const change = fc.oneof(
        fc.record({ how: fc.constant('flip' as const), at: fc.nat(), amount: fc.nat(7) }),
        fc.record({
          how: fc.constantFrom('cut' as const, 'extend' as const, 'drop' as const),
          at: fc.nat(),
          amount: fc.nat(40),
        }),
      );
      await fc.assert(
        fc.asyncProperty(part, change, async (which, { how, at, amount }) => {
          const changed = withBytes(stanza, { part: which, rid }, (bytes) => {
            const position = at % bytes.length;
            if (how === 'flip') return flipped(bytes, position, amount);
            if (how === 'cut') return bytes.slice(0, Math.max(1, bytes.length - 1 - amount));
            if (how === 'extend') return Uint8Array.from([...bytes, ...new Uint8Array(amount + 1).fill(at)]);
            return bytes.filter((_, index) => index !== position);
          });
          await refuses(victim, changed);
        }),
        { numRuns: 250 },
      );
      await readsIt(victim);
    });

    test('each byte of the text of <encrypted>', async () => {
      const victim = await target(kind);
      const { stanza } = victim;
      const text = encryptedIn(stanza)!.toString();
      for (let position = 0; position < text.length; position++) {
        let element: Element;
        try {
          element = parseXml(flippedText(text, position, position % 7));
        } catch {
          // The connection would have ended there.
          continue;
        }
        await refuses(victim, incoming(String(stanza.attrs['from']), String(stanza.attrs['to']), element));
      }
      await readsIt(victim);
    });
  },
);

test('every place in tag, ratchet key, ciphertext and payload fails with one code and one text (S36)', async () => {
  const victim = await target('message');
  const { stanza, rid } = victim;
  const key = decodeBase64(keyElements(encryptedIn(stanza)!, rid)[0]!.text());
  // 0a 10 mac(16) 12 len | 08 n 10 pn 1a 20 dh_pub(32) 22 len ciphertext
  const macStart = 2;
  const dhStart = key.findIndex((byte, index) => index > 18 && byte === 0x1a && key[index + 1] === 0x20) + 2;
  const places = [
    ...Array.from({ length: 16 }, (_, index) => macStart + index),
    // The last byte's high bit is no part of a key: it is refused as malformed.
    ...Array.from({ length: 31 }, (_, index) => dhStart + index),
    ...Array.from({ length: key.length - dhStart - 34 }, (_, index) => dhStart + 34 + index),
  ];
  const outcomes = new Set<string>();
  for (const place of places) {
    for (const bit of [0, 3, 6]) {
      outcomes.add(
        await refuses(
          victim,
          withBytes(stanza, { part: 'key', rid }, (bytes) => flipped(bytes, place, bit)),
        ),
      );
    }
  }
  expect([...outcomes]).toEqual(['not-authentic: not-authentic: no session reads this message']);
  const payloadOutcomes = new Set<string>();
  const { length } = decodeBase64(encryptedIn(stanza)!.getChild('payload')!.text());
  for (let place = 0; place < length; place++) {
    const changed = withBytes(stanza, { part: 'payload', rid }, (bytes) => flipped(bytes, place, place % 8));
    payloadOutcomes.add(await refuses(victim, changed));
  }
  for (const cut of [1, 15, 16, 17]) {
    const changed = withBytes(stanza, { part: 'payload', rid }, (bytes) => bytes.slice(0, -cut));
    payloadOutcomes.add(await refuses(victim, changed));
  }
  expect([...payloadOutcomes]).toEqual(['not-authentic: not-authentic: the content does not authenticate']);
});

test('keys and payloads of two messages put together anew are refused', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  bob.deaf();
  for (const text of ['one', 'two']) await alice.say(bob.jid, text);
  await world.quiet();
  const [one, two] = bob.received.filter((stanza) => encryptedIn(stanza));
  const rid = bob.omemo.deviceId;
  for (const [from, to] of [
    [one!, two!],
    [two!, one!],
  ] as const) {
    for (const part of ['key', 'payload'] as const) {
      const other = encryptedIn(from)!;
      const source = part === 'key' ? keyElements(other, rid)[0]! : other.getChild('payload')!;
      const mixed = withBytes(to, { part, rid }, () => decodeBase64(source.text()));
      const before = bob.memory.snapshot();
      expect(await bob.omemo.receive(mixed)).toMatchObject({ type: 'failed', code: 'not-authentic' });
      expect(bob.memory.snapshot()).toEqual(before);
    }
  }
});

describe('a changed answer of the server', () => {
  test('bundle: each byte of its text; nothing is sent under a key that was not signed', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const bundle = world.server.node(bob.jid, 'urn:xmpp:omemo:2:bundles')!.items.get(String(bob.omemo.deviceId))!;
    const text = bundle.toString();
    const signedPart = (element: Element) =>
      ['spk', 'spks', 'ik'].map((name) => element.getChild(name)?.text().replace(/\s/g, '')).join(' ');
    let refusals = 0;
    for (let position = 0; position < text.length; position += 1 + (position > 400 ? 23 : 0)) {
      let changed: Element;
      try {
        changed = parseXml(flippedText(text, position, position % 7));
      } catch {
        continue;
      }
      const fault = world.server.faults.tamper({ matches: isItemsOf('urn:xmpp:omemo:2:bundles') }, (stanza) => {
        const item = stanza.getChild('pubsub')!.getChild('items')!.getChild('item')!;
        item.children.splice(0);
        item.cnode(copyOf(changed));
        return undefined;
      });
      const before = alice.memory.snapshot();
      const outcome = await alice.omemo.encryptPayload([bob.jid], new Uint8Array(1)).catch((error) => error);
      fault.stop();
      if (outcome instanceof Error) {
        expect(outcome).toMatchObject({ code: 'no-devices', details: { skipped: [{ reason: 'no-bundle' }] } });
        expect(alice.memory.snapshot()).toEqual(before);
        refusals++;
      } else {
        // Pre-keys and ids are not signed (X3DH): with those changed, Bob could not read it, and nobody else either.
        expect(signedPart(changed)).toBe(signedPart(bundle));
        alice.memory.restore(before);
      }
    }
    expect(refusals).toBeGreaterThan(200);
  });

  test('device list: each byte of its text; nothing is sent to a device that is not Bob’s', async () => {
    const world = new World();
    const [alice, bob] = await world.pair();
    const carol = 'carol@example.org';
    world.server.register(carol);
    const text = `<devices xmlns='urn:xmpp:omemo:2'><device id='${bob.omemo.deviceId}'/></devices>`;
    for (let position = 0; position < text.length; position++) {
      let changed: Element;
      try {
        changed = parseXml(flippedText(text, position, position % 7));
      } catch {
        continue;
      }
      world.server.createNode({
        jid: carol,
        node: 'urn:xmpp:omemo:2:devices',
        options: { 'pubsub#access_model': 'open' },
        items: [{ id: 'current', payload: changed }],
      });
      const before = alice.memory.snapshot();
      const error = await alice.say(carol, 'x').catch((cause) => cause);
      expect(['no-devices', 'device-list-unavailable']).toContain(error.code);
      if (error.code === 'device-list-unavailable') expect(alice.memory.snapshot()).toEqual(before);
      alice.memory.restore(before);
      expect(world.spent.emitted.filter(({ to }) => to === carol)).toEqual([]);
    }
  });
});
